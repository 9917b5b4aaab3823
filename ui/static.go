package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

//go:embed static
var staticFiles embed.FS

// asset is a file of the site's own, compressed once, under a name that changes
// with its content so that a browser may keep it for ever.
type asset struct {
	name   string // "style.3f9a0c1b2d4e.css"
	media  string
	body   []byte
	zipped func() []byte // made when first asked for; nil bytes where it gains nothing
}

// loadAssets gives the assets by their plain name and by their hashed one.
func loadAssets() (map[string]*asset, error) {
	entries, err := staticFiles.ReadDir("static")
	if err != nil {
		return nil, err
	}
	all := map[string]*asset{}
	for _, e := range entries {
		body, err := staticFiles.ReadFile("static/" + e.Name())
		if err != nil {
			return nil, err
		}
		ext := path.Ext(e.Name())
		if ext == ".css" {
			body = shorten(string(body))
		}
		sum := sha256.Sum256(body)
		a := &asset{name: strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext, media: mediaType(ext), body: body}
		a.zipped = sync.OnceValue(func() []byte { return zip(body) })
		all[e.Name()], all[a.name] = a, a
	}
	return all, nil
}

func zip(body []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := z.Write(body); err != nil || z.Close() != nil || b.Len() >= len(body) {
		return nil
	}
	return b.Bytes()
}

// mediaType is written out: mime reads the machine's tables, which differ.
func mediaType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(ext)
}

// shorten takes comments and line breaks off our own style sheet, which holds
// neither inside a string.
func shorten(css string) []byte {
	var lines strings.Builder
	for line := range strings.SplitSeq(css, "\n") {
		lines.WriteString(strings.TrimLeft(line, " \t"))
	}
	var out []byte
	for rest := lines.String(); rest != ""; {
		style, comment, _ := strings.Cut(rest, "/*")
		out = append(out, style...)
		_, rest, _ = strings.Cut(comment, "*/")
	}
	return out
}

// static serves the hashed names alone: a plain one could not be kept for ever.
func (s *Site) static(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/static/")
	a := s.assets[name]
	if a == nil || a.name != name {
		s.Refuse(w, r, http.StatusNotFound, "Ce fichier n’existe pas, ou plus.")
		return
	}
	tag := `"` + a.name + `"`
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", tag)
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", a.media)
	body := a.body
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		if zipped := a.zipped(); zipped != nil {
			h.Set("Content-Encoding", "gzip")
			body = zipped
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}

var refusesGzip = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)\bgzip\s*;\s*q=0(\.0*)?\s*(,|$)`) })

func acceptsGzip(header string) bool {
	return strings.Contains(strings.ToLower(header), "gzip") && !refusesGzip().MatchString(header)
}

// favicon answers browsers that ask without reading the page.
func (s *Site) favicon(w http.ResponseWriter, r *http.Request) {
	s.redirect(w, r, "/static/"+s.assets["icone.svg"].name, http.StatusFound)
}
