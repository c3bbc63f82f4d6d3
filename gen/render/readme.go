package render

import (
	"palletgen/gen/command"
	"palletgen/gen/plan"
	"palletgen/gen/supervisor"
)

// readmeText is the bundle's README.
func (b *builder) readmeText(scripts []*phaseScript) string {
	var services, crates []any
	for _, c := range b.group.Services() {
		services = append(services, map[string]any{
			"name": c.Service.Name, "supervisor": c.Service.Supervisor.Name, "log": logCommand(c.Service),
		})
	}
	for _, c := range b.group.Crates {
		crates = append(crates, c.Name)
	}
	return b.text("README", b.readme, map[string]any{
		"bundle": b.group.Name, "version": b.version, "phases": b.phaseData(scripts), "services": services, "crates": crates,
		"signed": b.Signed,
	})
}

// logCommand is how to look at the log of a service, as text; "" where its
// supervisor does not say, or that cannot stand in a line.
func logCommand(s *plan.Service) string {
	c, _ := s.Config[supervisor.LogCommand].(command.Command)
	text, err := textValue(c)
	if err != nil {
		return ""
	}
	return text
}
