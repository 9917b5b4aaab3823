package links

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"golang.org/x/text/unicode/norm"

	"github.com/cct-mi/cct/content/ingest/markdown"
)

// maxAsset is how large a file may be that a page shows, in bytes.
const maxAsset = 8 << 20

// Asset is a file that a page shows or links to. It is read when it is asked for.
type Asset struct {
	Name string // under which it is served: its content's hash
	Type string
	path string
	root fs.FS
}

// URL is the address of the file here.
func (a *Asset) URL() string { return "/fichiers/" + a.Name }

// Read gives the file.
func (a *Asset) Read() content.Asset {
	return content.Asset{Name: a.Name, Type: a.Type, Data: readAsset(a.root, a.path)}
}

// Assets are the files that pages show, in the order in which they were found.
func (s *Site) Assets() []*Asset { return s.order }

// types are the files that are served beside pages.
var types = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".svg": "image/svg+xml", ".pdf": "application/pdf",
}

// AssetType is the media type of a file that pages may show; "" for any other.
func AssetType(name string) string { return types[strings.ToLower(path.Ext(name))] }

func (s *Site) image(p *Page, r *Reference) Target {
	src := visible(r.To)
	if r.Text == "" {
		p.Problem(r.Line, "image-sans-texte", "l’image %s n’a pas de texte de remplacement utile", markdown.Clip(src, 80))
	}
	scheme := schemeOf(src)
	u, err := url.Parse(src)
	switch {
	case scheme != "" && scheme != "http" && scheme != "https":
		p.Problem(r.Line, "image-refusee", "une image « %s: » n’est pas permise et a été retirée", markdown.Clip(scheme, 20))
	case err == nil && u.Scheme == "" && u.Host == "":
		if a := s.asset(p, u.Path); a != nil {
			return Target{Href: a.URL()}
		}
		p.Problem(r.Line, "image-cassee", "l’image « %s » est introuvable", markdown.Clip(src, 80))
	default:
		p.Problem(r.Line, "image-exterieure", "l’image « %s » est sur un autre site : elle n’est pas montrée", markdown.Clip(src, 80))
	}
	return Target{}
}

// static are the folders whose files a generator puts at the root of its site.
var static = []string{"static", "public", "assets", "src", "docs", "content", "images", "img"}

// tries are the places where a path may lead to a file: beside the page, from its
// route, or from the root of a site in any folder above it.
func (s *Site) tries(p *Page, to string) []string {
	source := norm.NFC.String(p.Source)
	to = norm.NFC.String(to)
	if !strings.HasPrefix(to, "/") {
		list := []string{path.Join(path.Dir(source), to), path.Join(norm.NFC.String(p.Route), to)}
		return append(list, s.roots1(source, strings.TrimPrefix(path.Clean("/"+to), "/"))...)
	}
	return s.roots1(source, strings.TrimPrefix(path.Clean(to), "/"))
}

// roots1 are the places of a path from the roots that a page may mean.
func (s *Site) roots1(source, to string) []string {
	list := []string{to}
	for dir := path.Dir(source); ; dir = path.Dir(dir) {
		list = append(list, path.Join(dir, to))
		for _, folder := range static {
			list = append(list, path.Join(dir, folder, to))
		}
		if dir == "." {
			break
		}
	}
	if _, rest, ok := strings.Cut(to, "/"); ok {
		list = append(list, rest)
	}
	return list
}

// asset finds a file that a page shows or links to; nil when it can't be had.
func (s *Site) asset(p *Page, to string) *Asset {
	if AssetType(to) == "" {
		return nil
	}
	for _, t := range s.tries(p, to) {
		if a := s.load(t); a != nil {
			return a
		}
	}
	// A vault of notes names its images, wherever they are: the nearest of those that
	// are called so, or end so.
	list := slices.DeleteFunc(slices.Clone(s.filesNamed(path.Base(to))), func(f string) bool {
		return strings.Contains(to, "/") && !strings.HasSuffix("/"+f, "/"+strings.TrimPrefix(path.Clean(norm.NFC.String(to)), "/"))
	})
	slices.SortFunc(list, func(a, b string) int {
		return cmp.Or(cmp.Compare(sharedFolders(b, p.Source), sharedFolders(a, p.Source)), cmp.Compare(strings.Count(a, "/"), strings.Count(b, "/")), cmp.Compare(a, b))
	})
	for _, t := range list {
		if a := s.load(t); a != nil {
			return a
		}
	}
	return nil
}

// sharedFolders counts the folders that hold both files, from the root on.
func sharedFolders(a, b string) (n int) {
	for i := 0; i < len(a) && i < len(b) && a[i] == b[i]; i++ {
		if a[i] == '/' {
			n++
		}
	}
	return n
}

// leftOut is the real path of a file in a folder whose name begins with a dot, which is
// not read but may be linked to: ".github/…", ".gitbook/assets/…". "" where there is none.
func (s *Site) leftOut(t string) string {
	if !strings.HasPrefix(t, ".") && !strings.Contains(t, "/.") || !fs.ValidPath(t) {
		return ""
	}
	dir, name := path.Dir(t), norm.NFC.String(path.Base(t))
	real := dir
	switch known, ok := s.files[norm.NFC.String(dir)]; {
	case ok:
		real = known
	case dir != ".":
		if real = s.leftOut(dir); real == "" {
			return ""
		}
	}
	names, known := s.hidden[real]
	if !known {
		names = map[string]string{}
		entries, _ := fs.ReadDir(s.roots[0], real)
		for _, e := range entries {
			names[norm.NFC.String(e.Name())] = e.Name()
		}
		if s.hidden == nil {
			s.hidden = map[string]map[string]string{}
		}
		s.hidden[real] = names
	}
	if names[name] == "" {
		return ""
	}
	return path.Join(real, names[name])
}

func (s *Site) filesNamed(name string) []string {
	if s.inFiles == nil {
		s.inFiles = map[string][]string{}
		for f := range s.files {
			if AssetType(f) != "" {
				s.inFiles[path.Base(f)] = append(s.inFiles[path.Base(f)], f)
			}
		}
	}
	return s.inFiles[norm.NFC.String(name)]
}

// load names a file by its content.
func (s *Site) load(t string) *Asset {
	if real, ok := s.files[t]; ok {
		t = real
	} else if real := s.leftOut(t); real != "" {
		t = real
	}
	if !fs.ValidPath(t) {
		return nil
	}
	if a, seen := s.assets[t]; seen {
		return a
	}
	s.assets[t] = nil
	for _, root := range s.roots {
		data := readAsset(root, t)
		if data == nil {
			continue
		}
		sum := sha256.Sum256(data)
		name := hex.EncodeToString(sum[:8]) + strings.ToLower(path.Ext(t))
		a := s.byName[name]
		if a == nil {
			a = &Asset{Name: name, Type: AssetType(t), path: t, root: root}
			s.byName[name] = a
			s.order = append(s.order, a)
		}
		s.assets[t] = a
		return a
	}
	return nil
}

// readAsset reads a file that is one, within the size limit; nil otherwise.
func readAsset(root fs.FS, name string) []byte {
	i, err := fs.Stat(root, name)
	if err != nil || !i.Mode().IsRegular() || i.Size() > maxAsset {
		return nil
	}
	f, err := root.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxAsset+1))
	if err != nil || len(data) > maxAsset {
		return nil
	}
	return data
}
