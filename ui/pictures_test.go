package ui

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestDrawPages draws the main pages, with the content that the program carries,
// into CCT_PICTURES (.ci/run gives its own folder): what a change does to them is
// then seen in its diff.
func TestDrawPages(t *testing.T) {
	folder := os.Getenv("CCT_PICTURES")
	if folder == "" {
		t.Skip("set CCT_PICTURES to a folder for the pictures, as .ci/run does")
	}
	server := httptest.NewServer(newSite(t, embeddedLibrary(t), Options{}))
	t.Cleanup(server.Close)
	ctx, _ := browser(t)
	for _, p := range []struct {
		name, address string
		width, height int64
		scheme        string
	}{
		{"accueil", "/", 1280, 800, "light"},
		{"recherche", "/recherche?q=sauvgarde+s3", 1280, 900, "light"},
		{"page", "/pages/exigences-cloud-native#EX33", 1280, 800, "light"},
		{"produits", "/produits", 1280, 800, "light"},
		{"exigence-sombre", "/exigences/EX33", 1280, 800, "dark"},
		{"mon-application", "/mon-application?type=cloud-native&evolution=nouvelle", 1280, 900, "light"},
		{"recherche-telephone", "/recherche?q=petite+application", 375, 900, "light"},
	} {
		run(t, ctx, chromedp.EmulateViewport(p.width, p.height), command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: p.scheme}}}),
			chromedp.Navigate(server.URL+p.address), chromedp.WaitReady("main"))
		picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, p.name+".png"), picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
