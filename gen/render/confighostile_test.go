package render_test

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/render"
	"palletgen/gen/schema"
	"palletgen/gen/spec"
)

// configs are the files of servers that have no escaper of their own: what
// reads them, and settings that have them say all they can.
var configs = []struct {
	crate, file, settings string
	read                  func(text string) [][]string
}{
	{"redis", "instance.conf", "unix_socket: /run/r, include: [/i]", lineReader(redisWords)},
	{"postgresql", "postgresql.conf", "parameters: {wal_level: logical}", lineReader(postgresWords)},
	{"postgresql", "reload.conf", "parameters: {work: a}", lineReader(postgresWords)},
	{"postgresql", "pg_hba.conf", "access: [{type: host, address: all}]", lineReader(haproxyWords)},
	{"haproxy", "server.cfg", "frontends: {w: {port: 80, backend: b}}, backends: {b: {servers: {s: 'h:1'}, http_check: /h}}, threads: 2, stats_port: 9", lineReader(haproxyWords)},
	{"nginx", "server.conf", "temp_dir: /tmp/n, sites: {s: {names: [a], proxy_to: 'http://b/'}, t: {redirect_to: 'https://c', certificate: /c, certificate_key: /k}, u: {root: /r}}", nginxWords},
}

// free are settings that are lines, or the end of one, of the format, by design:
// their descriptions say so.
var free = []string{"redis.directives[]", "haproxy.config", "haproxy.global_extra", "haproxy.defaults_extra", "haproxy.extra", "haproxy.frontends.w.bind_options",
	"haproxy.frontends.w.extra", "haproxy.backends.b.extra", "haproxy.backends.b.servers.s", "nginx.config", "nginx.main_extra", "nginx.http_extra", "nginx.sites.s.extra",
	"nginx.sites.t.extra", "nginx.sites.u.extra", "postgresql.access[].options"}

// hostileValues stand behind a harmless one, which some types want.
var hostileValues = []string{" x", "\nx y", "\r", "\t", ";x", "}", "{", "#x", " #x", "'", "\"", "' x '", "\" x \"", "\\", "\\n", "\\\"", "$x", "${x}", "$(id)", "`id`", "%x",
	"a\n\nb {", "; }\nserver {", "\x01", "\x7f", "\u0085", "\u2028", "é", ",", "=", ":", "@", "~", "*", "-", "\x00"}

// TestConfigsHoldHostileValues gives hostile values to each setting of text that
// reaches a server's configuration. Each is refused, or arrives as one word, and
// nothing else in the file changes.
func TestConfigsHoldHostileValues(t *testing.T) {
	for _, c := range configs {
		t.Run(c.crate+"/"+c.file, func(t *testing.T) {
			assets := os.DirFS("../..")
			catalog, err := plan.NewCatalog(assets, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			renderer := render.New(catalog, "v0")
			build := func(set ...string) (string, error) {
				return configOf(catalog, renderer, c.crate, c.settings, c.file, set...)
			}
			if _, err := build(); err != nil {
				t.Fatal(err)
			}
			described, err := catalog.Crate(c.crate)
			if err != nil {
				t.Fatal(err)
			}
			reached, refused, held := 0, 0, 0
			for _, at := range leaves(&schema.Type{Kind: "struct", Fields: described.Settings}, c.crate) {
				if slices.Contains(free, at.name) {
					continue
				}
				plain, want := "", [][]string(nil)
				for _, candidate := range []string{"Vq9", "/Vq9", "http://Vq9", "vq9"} {
					if text, err := build(at.set(candidate)); err == nil && strings.Contains(text, candidate) {
						plain, want = candidate, c.read(text)
						break
					}
				}
				if plain == "" {
					continue // no text, or not in this file
				}
				reached++
				for _, hostile := range hostileValues {
					value := plain + hostile
					text, err := build(at.set(value))
					if err != nil {
						refused++
						continue
					}
					held++
					if strings.HasPrefix(value, "/") {
						value = path.Clean(value)
					}
					if got := c.read(text); !slices.EqualFunc(got, filled(want, plain, value), slices.Equal[[]string]) {
						t.Errorf("%s: %q changes what the file means:\ngot  %q\nwant %q", at.name, value, got, filled(want, plain, value))
					}
				}
			}
			if t.Logf("%d settings reach the file; of their values %d are refused, %d arrive", reached, refused, held); reached == 0 {
				t.Error("no setting reaches the file")
			}
		})
	}
}

// quoteYAML writes text as YAML's double quoted scalars, but for bytes that they
// cannot hold.
func quoteYAML(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r > '~':
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

// filled returns directives with value in the place of plain.
func filled(all [][]string, plain, value string) [][]string {
	var out [][]string
	for _, words := range all {
		var line []string
		for _, w := range words {
			line = append(line, strings.ReplaceAll(w, plain, value))
			if strings.Contains(value, ":") && plain == "Vq9" { // haproxy's mark of an address of IPv6
				line[len(line)-1] = strings.Replace(line[len(line)-1], value+":9", "ipv6@"+value+":9", 1)
			}
		}
		out = append(out, line)
	}
	return out
}

// configOf builds a group with the crate and returns the file of that name.
func configOf(catalog *plan.Catalog, renderer *render.Renderer, crate, settings, file string, set ...string) (string, error) {
	return configUnder(catalog, renderer, "nohup", crate, settings, file, set...)
}

// configUnder does so with a service under any supervisor; the name may be the
// end of a path.
func configUnder(catalog *plan.Catalog, renderer *render.Renderer, sup, crate, settings, file string, set ...string) (string, error) {
	doc, err := spec.Load([]*diag.Source{{Name: "g.yaml", Text: "groups:\n  g:\n    extends:\n    - " + sup + "\n    - " + crate + ": {supervisor: " + sup + ", " + settings + "}\n"}})
	if err != nil {
		return "", err
	}
	var overrides []spec.Override
	for _, s := range set {
		o, err := spec.ParseSet(s)
		if err != nil {
			return "", err
		}
		overrides = append(overrides, o)
	}
	planner, err := plan.NewPlanner(catalog, doc, overrides)
	if err != nil {
		return "", err
	}
	g, err := planner.Resolve(doc.Groups[0])
	if err != nil {
		return "", err
	}
	bundle, err := renderer.Bundle(g)
	if err != nil {
		return "", err
	}
	for _, f := range bundle.Files {
		if strings.HasSuffix(f.Path, "/"+file) && strings.HasPrefix(f.Path, "root/") {
			return string(f.Data), nil
		}
	}
	return "", fmt.Errorf("no file %s", file)
}

// A leaf is a setting of text: its name, as --set takes it, and what of YAML
// stands around its value.
type leaf struct{ name, around string }

func (l leaf) set(value string) string {
	name, _, _ := strings.Cut(l.name, "[")
	return name + "=" + strings.Replace(l.around, "§", quoteYAML(value), 1)
}

// keys are what the maps of the settings have for keys, and an element for one
// more.
var keys = map[string]struct {
	names   []string
	element string
}{
	"postgresql.parameters":      {[]string{"wal_level", "work"}, "a"},
	"nginx.sites":                {[]string{"s", "t", "u"}, "{root: /r}"},
	"haproxy.frontends":          {[]string{"w"}, "{port: 80}"},
	"haproxy.backends":           {[]string{"b"}, "{servers: {s: 'h:1'}}"},
	"haproxy.backends.b.servers": {[]string{"s"}, "'h:1'"},
}

// leaves returns all settings of text below one.
func leaves(of *schema.Type, name string) []leaf {
	switch of.Kind {
	case "integer", "boolean", "port", "seconds", "bytes", "limit", "mode", "signal", "enum", "sha256", "command", "shell", "clojure":
		return nil // no text gets through
	case "list":
		var all []leaf
		for _, inner := range leaves(of.Of, "") {
			all = append(all, leaf{name + "[]" + inner.name, "[" + inner.inline() + "]"})
		}
		return all
	case "map":
		all := []leaf{{name + "[key]", "{§: " + keys[name].element + "}"}}
		for _, key := range keys[name].names {
			all = append(all, leaves(of.Of, name+"."+key)...)
		}
		return all
	case "struct":
		var all []leaf
		for _, field := range of.Fields.Settings {
			all = append(all, leaves(field.Type, name+"."+field.Name)...)
		}
		return all
	}
	return []leaf{{name, "§"}}
}

// inline writes the leaf as YAML, as an element of a list.
func (l leaf) inline() string {
	switch field := strings.TrimPrefix(l.name, "."); field {
	case "":
		return l.around
	case "address":
		return "{type: host, address: §}"
	default: // of postgresql's access
		return "{type: host, address: all, " + field + ": " + l.around + "}"
	}
}
