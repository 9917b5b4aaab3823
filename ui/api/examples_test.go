package api_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cct-mi/cct/ui/api"
)

var inCode = regexp.MustCompile(`https?://[^'"\s]+`)

// TestExamples runs the programs that the page /api shows, against a server
// under a base path.
func TestExamples(t *testing.T) {
	srv := httptest.NewServer(http.StripPrefix("/cct", handler(library(t), "/cct")))
	defer srv.Close()
	runs := map[string][]string{"curl": {"sh", "-c"}, "Python": {"python3", "-c"}, "PowerShell": {"pwsh", "-NoProfile", "-Command"}}
	needs := map[string]string{"curl": "curl", "Python": "python3", "PowerShell": "pwsh"}
	for _, e := range api.Examples(srv.URL, "/cct") {
		t.Run(e.Language+"/"+e.Title, func(t *testing.T) {
			for _, address := range inCode.FindAllString(e.Code, -1) {
				if strings.HasSuffix(address, "?") || strings.HasSuffix(address, "/search") {
					continue // the query is put together by the program
				}
				r, err := http.Get(address)
				if err != nil {
					t.Fatal(err)
				}
				r.Body.Close()
				if r.StatusCode != 200 {
					t.Errorf("%s: %d", address, r.StatusCode)
				}
			}
			if _, err := exec.LookPath(needs[e.Language]); err != nil {
				t.Skipf("%s n’est pas installé : seules les adresses de l’exemple sont vérifiées", needs[e.Language])
			}
			dir := t.TempDir()
			cmd := exec.CommandContext(t.Context(), runs[e.Language][0], append(runs[e.Language][1:], e.Code)...)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "no_proxy=*", "NO_PROXY=*", "PYTHONIOENCODING=utf-8")
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s\n%s", err, e.Code, out)
			}
			if strings.Contains(e.Code, "xlsx") {
				b, err := os.ReadFile(filepath.Join(dir, "exigences.xlsx"))
				if err != nil || !strings.HasPrefix(string(b), "PK") {
					t.Errorf("no workbook: %v", err)
				}
				return
			}
			want := "EX33"
			if strings.Contains(e.Code, "text") {
				want = "S3 indépendant"
			}
			if !strings.Contains(string(out), want) {
				t.Errorf("%q isn't in the output: %s", want, out)
			}
		})
	}
}
