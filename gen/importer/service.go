package importer

import (
	"fmt"

	"palletgen/gen/diag"
)

// A Service is one use of the crate app.
type Service struct {
	group          *Group
	Name, Instance string // the service is called Name, or Name-Instance
	Head           []string
	settings       []*item
	options        []*item // of the supervisor
}

// FullName is what the service is called on the host.
func (s *Service) FullName() string {
	if s.Instance == "" {
		return s.Name
	}
	return s.Name + "-" + s.Instance
}

// Carry notes that lines became part of a setting.
func (s *Service) Carry(from ...diag.Pos) { s.group.mark(carried, from...) }

// Set gives a setting its value, and says where it comes from. A second value
// replaces the first.
func (s *Service) Set(key string, value Value, from ...diag.Pos) {
	s.settings = s.set(s.settings, key, value, from)
}

// Option is Set for an option of the supervisor.
func (s *Service) Option(key string, value Value, from ...diag.Pos) {
	s.options = s.set(s.options, key, value, from)
}

func (s *Service) set(list []*item, key string, value Value, from []diag.Pos) []*item {
	s.group.mark(carried, from...)
	for _, i := range list {
		if i.key == key {
			i.value, i.from = value, from
			return list
		}
	}
	return append(list, &item{key: key, value: value, from: from})
}

// Note puts a comment above a setting.
func (s *Service) Note(key, format string, args ...any) {
	if i := s.find(key); i != nil {
		i.notes = append(i.notes, fmt.Sprintf(format, args...))
	}
}

// Get returns the value of a setting, nil where it has none.
func (s *Service) Get(key string) Value {
	if i := s.find(key); i != nil {
		return i.value
	}
	return nil
}

func (s *Service) find(key string) *item {
	for _, i := range s.settings {
		if i.key == key {
			return i
		}
	}
	return nil
}

// From returns where a setting comes from first.
func (s *Service) From(key string) diag.Pos {
	if i := s.find(key); i != nil && len(i.from) > 0 {
		return i.from[0]
	}
	return diag.Pos{}
}

// Drop takes a setting, or an option of the supervisor, out again.
func (s *Service) Drop(key string) {
	s.settings = drop(s.settings, key)
	s.options = drop(s.options, key)
}

func drop(list []*item, key string) []*item {
	for n, i := range list {
		if i.key == key {
			return append(list[:n:n], list[n+1:]...)
		}
	}
	return list
}

// Lose names what is not carried over, or not quite.
func (s *Service) Lose(at diag.Pos, hint, format string, args ...any) {
	s.settings = append(s.settings, s.group.lose(at, hint, fmt.Sprintf(format, args...)))
}

// Ignore says of a line that it makes no difference here, and why.
func (s *Service) Ignore(at diag.Pos, format string, args ...any) {
	s.group.mark(idle, at)
	s.settings = append(s.settings, &item{from: []diag.Pos{at}, notes: []string{place(at) + ": " + fmt.Sprintf(format, args...)}})
}
