package conform

import (
	"slices"
	"strings"

	"palletgen/gen/diag"
)

// newService is the service of a check, before it is on its host.
func newService(h *host, c *check, b *builder, port int) *service {
	name := c.serviceName()
	return &service{host: h, check: c, name: name, dir: root + "/" + name, bundle: "/srv/bundles/" + name, port: port, builder: b}
}

// fields are all fields of the description that the check needs.
func (s *service) fields() []field {
	fields := parseFields(s.check.fields + "\n" + s.check.twin)
	if s.check.values != nil {
		fields = append(fields, field{"environment", ""})
	}
	return fields
}

// build makes the bundle, or says why not. Where it has values that the build refuses by name, they are left out.
func (s *service) build() {
	s.values = s.check.values
	s.config = s.check.config(s.sup, s.values, s.port)
	if s.archive, s.refused = s.builder.archive(s.config); s.refused == nil || s.check.values == nil {
		return
	}
	all := s.refused
	s.values = slices.DeleteFunc(slices.Clone(s.values), func(value string) bool {
		_, err := s.builder.archive(s.check.config(s.sup, []string{value}, s.port))
		return err != nil && byName(err)
	})
	if len(s.values) == len(s.check.values) {
		s.refused = all
		return
	}
	s.config = s.check.config(s.sup, s.values, s.port)
	s.archive, s.refused = s.builder.archive(s.config)
}

// byName says whether an error of a build says where the value is that it is about.
func byName(err error) bool {
	text := refusal(err)
	return strings.Contains(text, "environment") || strings.Contains(text, "command")
}

// refusal shows an error of a build in full.
func refusal(err error) string {
	var b strings.Builder
	diag.Print(&b, err, false)
	return strings.TrimRight(b.String(), "\n")
}

// place puts the bundle on the host, and makes the folders of the probes.
func (s *service) place() {
	s.unpack()
	s.make("up")
	if s.check.twin != "" {
		s.twin().make("up")
	}
}

// unpack puts the archive on the host, instead of an older one.
func (s *service) unpack() {
	archive := s.bundle + ".tar.gz"
	s.WriteFile(archive, string(s.archive), 0o644)
	s.sh(`cd "${1%/*}" && rm -rf "$1" && gzip -dc "$2" | tar -xf -`, s.bundle, archive)
}

// twin is the second service of the bundle.
func (s *service) twin() *service {
	other := *s
	other.name, other.dir = s.name+"-twin", s.dir+"-twin"
	return &other
}

// leave ends what the check has left on a host that others use, too.
func (s *service) leave() {
	if s.check.placing == alone || s.refused != nil || s.check.shares != "" && !s.Failed() {
		return // there is nobody else, or the next check goes on from here
	}
	s.Run(s.bundle+"/run", "stop")
	for _, p := range append(s.processes(), s.twin().processes()...) {
		s.Run("kill", "-KILL", itoa(p.PID))
	}
}
