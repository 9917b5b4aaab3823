package cli

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// parsed reads a command line without running the command.
func parsed(c *command, to *config, args []string, getenv func(string) string) (rest []string, err error) {
	reading := *c
	reading.run = func(_ context.Context, p *program) error {
		*to, rest = p.config, p.args
		return nil
	}
	branch := (&program{Env: Env{Getenv: getenv}, command: &reading}).branch()
	branch.SilenceErrors, branch.SilenceUsage = true, true
	branch.SetArgs(args)
	err = branch.ExecuteContext(context.Background())
	return rest, err
}

// TestEnvironment: every flag of serve that the contract names has its variable,
// a variable gives the flag's value, and the flag wins.
func TestEnvironment(t *testing.T) {
	for flag, variable := range map[string]string{
		"listen": "CCT_LISTEN", "store": "CCT_STORE", "content": "CCT_CONTENT", "base-path": "CCT_BASE_PATH", "tls-cert": "CCT_TLS_CERT", "tls-key": "CCT_TLS_KEY", "log": "CCT_LOG",
		"allowed-hosts": "CCT_ALLOWED_HOSTS", "trusted-proxies": "CCT_TRUSTED_PROXIES", "rate": "CCT_RATE", "cors": "CCT_CORS", "query-log": "CCT_QUERY_LOG", "audit": "CCT_AUDIT",
	} {
		one, other := "5", "6"
		if flag == "log" {
			one, other = "json", "text"
		}
		value := func(c *config) any {
			for _, s := range serveCommand.flags(c) {
				if s.name == flag {
					if f, ok := s.value.(*float64); ok {
						return *f
					}
					if list, ok := s.value.(*[]string); ok {
						return strings.Join(*list, "|")
					}
					return *s.value.(*string)
				}
			}
			t.Fatalf("serve has no flag --%s", flag)
			return nil
		}
		var byFlag, byVariable, both, neither config
		for _, c := range []struct {
			to   *config
			args []string
			env  string
		}{{&byFlag, []string{"--" + flag, one}, ""}, {&byVariable, nil, one}, {&both, []string{"--" + flag + "=" + one}, other}, {&neither, nil, ""}} {
			if _, err := parsed(serveCommand, c.to, c.args, func(name string) string {
				if name == variable {
					return c.env
				}
				return ""
			}); err != nil {
				t.Fatalf("--%s: %v", flag, err)
			}
		}
		if value(&byFlag) != value(&byVariable) || value(&byFlag) != value(&both) || value(&byFlag) == value(&neither) {
			t.Errorf("--%s, %s: flag %v, variable %v, both %v, neither %v", flag, variable, value(&byFlag), value(&byVariable), value(&both), value(&neither))
		}
	}
	var c config
	if _, err := parsed(serveCommand, &c, nil, func(string) string { return "" }); err != nil || c.listen != "127.0.0.1:8080" || c.basePath != "/" || c.log != "text" {
		t.Errorf("defaults: %+v, %v", c, err)
	}
}

// TestSettings: a variable names its flag, and every value that completion
// offers is taken.
func TestSettings(t *testing.T) {
	for _, c := range commands() {
		seen := []string{}
		for _, s := range c.settings(&config{}) {
			if slices.Contains(seen, s.name) {
				t.Errorf("cct %s has --%s twice", c.name, s.name)
			}
			seen = append(seen, s.name)
			if want := "CCT_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_")); s.env != "" && s.env != want {
				t.Errorf("--%s has the variable %s, not %s", s.name, s.env, want)
			}
			if s.help == "" || s.isSwitch() == (s.arg != "") {
				t.Errorf("cct %s --%s: help %q, value %q", c.name, s.name, s.help, s.arg)
			}
			for _, v := range s.values {
				if err := s.set(v); err != nil {
					t.Errorf("cct %s --%s %s: %v", c.name, s.name, v, err)
				}
			}
		}
		if c.short == "" || c.long == "" || len(c.example) == 0 {
			t.Errorf("cct %s is not explained", c.name)
		}
	}
}

// TestFlagsAnywhere: flags stand before, among and after the terms, and none
// follows "--".
func TestFlagsAnywhere(t *testing.T) {
	for line, want := range map[string]struct {
		rest  string
		limit int
	}{
		"-n 3 a b": {"a b", 3}, "a -n 3 b": {"a b", 3}, "a b -n=3": {"a b", 3}, "a b --limit 3": {"a b", 3}, "a -- -n 3": {"a -n 3", 10}, "-n 3 -- --": {"--", 3}, "- a": {"- a", 10},
	} {
		var c config
		rest, err := parsed(searchCommand, &c, strings.Fields(line), func(string) string { return "" })
		if err != nil || strings.Join(rest, " ") != want.rest || c.limit != want.limit {
			t.Errorf("%q: %q, limit %d, %v", line, rest, c.limit, err)
		}
	}
}

// TestArrange: flags stand before or after the command too, with one dash or
// two, and the value of one is never taken for the command.
func TestArrange(t *testing.T) {
	for line, want := range map[string]string{
		"": "serve", "--listen :0": "serve --listen :0", "search a": "search a", "--json search a": "search --json a", "-n 3 search a": "search -n 3 a", "-n=3 search a": "search -n=3 a",
		"--store show show EX1": "show --store show EX1", "-json search -limit=2 a": "search --json --limit=2 a", "search a -- -json": "search a -- -json", "-- search": "serve -- search",
		"-v": "version", "-v --json": "version --json", "--version": "version", "-h": "help", "--help search": "help search", "/?": "help", "search -h": "search -h", "search -v": "search -v",
		"__complete se": "__complete se", "__complete --json se": "__complete se", "__complete --json search --lev": "__complete search --json --lev",
		"__complete --log j": "__complete serve --log j", "__complete --lis": "__complete serve --lis",
	} {
		if got := strings.Join(arrange(strings.Fields(line)), " "); got != want {
			t.Errorf("cct %s is read as %q, want %q", line, got, want)
		}
	}
}
