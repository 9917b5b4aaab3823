package cli

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// shippedLimits reads what the manifest and the unit allow, in MiB, and what the
// manifest tells Go's collector.
func shippedLimits(t *testing.T) (limit int, goLimit string) {
	t.Helper()
	read := func(path, pattern string) string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(pattern).FindSubmatch(b)
		if m == nil {
			t.Fatalf("%s: nothing like %s", path, pattern)
		}
		return string(m[1])
	}
	for _, found := range []string{read("../../deploy/kubernetes/cct.yaml", `limits: .*memory: (\d+)Mi`), read("../../deploy/systemd/cct.service", `MemoryMax=(\d+)M`)} {
		n, err := strconv.Atoi(found)
		if err != nil {
			t.Fatal(err)
		}
		if limit == 0 || n < limit {
			limit = n
		}
	}
	return limit, read("../../deploy/kubernetes/cct.yaml", `GOMEMLIMIT, value: "?(\w+)"?`)
}

// cgroup makes a group that holds a process to so many MiB; "" where none can be
// made, as in most containers.
func cgroup(t *testing.T, mib int) string {
	t.Helper()
	for parent, limit := range map[string]string{"/sys/fs/cgroup": "memory.max", "/sys/fs/cgroup/memory": "memory.limit_in_bytes"} { // version 2, 1
		if _, err := os.Stat(parent + "/cgroup.procs"); err != nil {
			continue
		}
		dir := fmt.Sprintf("%s/cct-test-%d", parent, os.Getpid())
		if os.Mkdir(dir, 0o755) != nil {
			continue
		}
		t.Cleanup(func() { os.Remove(dir) })
		if os.WriteFile(dir+"/"+limit, []byte(strconv.Itoa(mib<<20)), 0o644) == nil {
			return dir
		}
	}
	return ""
}

// peak is the most resident memory that a process has had, in MiB.
func peak(t *testing.T, pid int) int {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprint("/proc/", pid, "/status"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			var kib int
			fmt.Sscan(rest, &kib)
			return kib >> 10
		}
	}
	t.Fatal("no VmHWM")
	return 0
}

// TestMemoryUnderLoad holds the real program, with the content that it carries, to
// the limits that are shipped.
func TestMemoryUnderLoad(t *testing.T) {
	if os.Getenv("CCT_LOAD") == "" {
		t.Skip("set CCT_LOAD=1 to run it: it takes half a minute")
	}
	limit, goLimit := shippedLimits(t)
	if limit > 256 {
		t.Errorf("the shipped limit is %d MiB", limit)
	}
	c := process(t, "serve", "--listen", "127.0.0.1:0")
	c.Env = append(c.Env, "CCT_CONTENT=", "GOMEMLIMIT="+goLimit)
	s := serving(t, c)
	group := cgroup(t, limit)
	if group != "" {
		if err := os.WriteFile(group+"/cgroup.procs", []byte(strconv.Itoa(c.Process.Pid)), 0o644); err != nil {
			group = ""
		}
	}
	if group == "" {
		t.Log("no cgroup can be made here: VmHWM alone is looked at")
	}
	start := peak(t, c.Process.Pid)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true}}
	for _, load := range []struct {
		what    string
		clients int
		busy    bool // more than one client may leave unread: some get a 503
		path    func(i int) string
	}{
		{"200 × all pages", 200, false, func(int) string { return "api/v1/pages" }},
		{"256 × different pieces of the pages", 256, true, func(i int) string { return fmt.Sprint("api/v1/pages?limit=", 100+i%100, "&offset=", i%3) }},
		{"256 × exports", 256, false, func(i int) string {
			return fmt.Sprintf("api/v1/applicable?format=%s&type=%s&evolution=%s", [...]string{"xlsx", "csv", "xlsx", "json"}[i%4], [...]string{"cloud-native", "legacy", "ent"}[i%3], [...]string{"nouvelle", "majeure"}[i%2])
		}},
		{"256 × searches", 256, false, func(i int) string { return fmt.Sprint("api/v1/search?limit=100&q=sauvegarde+", i) }},
	} {
		var crowd sync.WaitGroup
		for i := range load.clients {
			crowd.Go(func() {
				w, err := client.Get(s.url + load.path(i))
				if err != nil {
					t.Error(err)
					return
				}
				defer w.Body.Close()
				if n, err := io.Copy(io.Discard, w.Body); err != nil || n == 0 || w.StatusCode != http.StatusOK && !(load.busy && w.StatusCode == http.StatusServiceUnavailable) {
					t.Errorf("%s: %d, %d bytes, %v", load.path(i), w.StatusCode, n, err)
				}
			})
		}
		crowd.Wait()
		t.Logf("%s: peak %d MiB (%d after the start), of %d", load.what, peak(t, c.Process.Pid), start, limit)
	}
	if got := peak(t, c.Process.Pid); got > limit {
		t.Errorf("peak %d MiB, the shipped limit is %d", got, limit)
	}
	s.stop(t)
}
