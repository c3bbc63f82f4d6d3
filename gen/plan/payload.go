package plan

import (
	"cmp"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/schema"
	"palletgen/gen/strictyaml"
)

// A Payload is a file that the bundle carries for its fragments to use.
type Payload struct {
	Path string // CRATE/NAME; its URL is bundle:CRATE/NAME
	*folder.Blob
}

// Payloads lists the payload of all crates of the group, each file once,
// sorted by path.
func (g *Group) Payloads() []Payload {
	var list []Payload
	for _, c := range g.Crates {
		for _, b := range c.Payload {
			list = append(list, Payload{c.Name + "/" + b.Name, b})
		}
	}
	slices.SortFunc(list, func(a, b Payload) int { return cmp.Compare(a.Path, b.Path) })
	return slices.CompactFunc(list, func(a, b Payload) bool { return a.Path == b.Path }) // of two instances
}

// CheckPayload reports a URL bundle:CRATE/NAME of a file that the group does
// not carry; nil for any other URL.
func (g *Group) CheckPayload(url string, at diag.Pos) *diag.Error {
	path, ok := strings.CutPrefix(url, schema.PayloadScheme)
	if !ok || g.part { // one of the other crates may
		return nil
	}
	var known []string
	for _, p := range g.Payloads() {
		if p.Path == path {
			return nil
		}
		known = append(known, schema.PayloadScheme+p.Path)
	}
	err := diag.At(at, "the bundle %s does not carry %s", g.Name, url)
	if len(known) == 0 {
		return err.WithHint("no crate of the group has a payload; add  payload: [NAME]  to a crate.yaml")
	}
	return err.WithHint("%s", diag.DidYouMean(url, known))
}

// checkURLs checks the values of type url of crates and supervisors.
func (g *Group) checkURLs(errs *diag.List) {
	for _, c := range g.Crates {
		settings := View{Group: g, Crate: c}
		g.checkURLsOf(c.Crate.Settings, c.Settings, c.layers, settings.origins, errs)
		if s := c.Service; s != nil {
			options := func(path []string, depth int) []*Origin {
				return View{Group: g, Crate: c, Service: true}.origins(append([]string{"options"}, path...), depth)
			}
			g.checkURLsOf(s.Supervisor.Options, s.Options, nested(c.layers, s.Supervisor.Name, c.Name, errs), options, errs)
		}
	}
}

func (g *Group) checkURLsOf(s *schema.Schema, values map[string]any, layers []schema.Layer, of func([]string, int) []*Origin, errs *diag.List) {
	for _, found := range s.URLs(values) {
		setting, url := found[0], found[1]
		if err := g.CheckPayload(url, urlAt(s.Get(setting), layers, url)); err != nil {
			if from := of([]string{setting}, 0); len(from) > 0 && from[0].Pos.Line != err.Pos.Line {
				err = Told(err, from)
			}
			errs.Add(err)
		}
	}
}

// urlAt returns where the URL is written; else where its setting is set, or
// described.
func urlAt(setting *schema.Setting, layers []schema.Layer, url string) diag.Pos {
	var places []strictyaml.Value // the nearest first
	for _, layer := range slices.Backward(layers) {
		if v, ok := layer.Get(setting.Name); ok {
			places = append(places, v)
		}
	}
	if setting.Default != nil {
		places = append(places, setting.Default.Source())
	}
	for _, place := range places {
		if v, ok := schema.Find(place, url); ok {
			return v.Pos()
		}
	}
	if len(places) > 0 {
		return places[0].Pos()
	}
	return setting.Pos
}
