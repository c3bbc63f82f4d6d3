package shell

import (
	"fmt"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/record"
)

// A route is the variable by which a value comes to where it could not stand
// itself, and the line of the plan's text, from 0, where that is. Which line of
// which template it is depends on who asks for the plan.
type route struct {
	variable string
	line     int
}

// routeMark stands for the route in the message of a refusal.
const routeMark = "{route}"

func (use variableUse) route() *route { return &route{use.name, use.line} }

// told is msg with the route of the value at pos.
func (r *route) told(msg string, pos diag.Pos, m *record.Marked) string {
	if r == nil {
		return msg
	}
	at := linePos(m, r.line)
	where := fmt.Sprintf("line %d", at.Line)
	if at.Source != pos.Source {
		where = at.String()
	}
	return strings.Replace(msg, routeMark, shownVariable(r.variable)+" on "+where, 1)
}

// refuseBy refuses a place for what becomes of its value by way of a variable.
func (f *finder) refuseBy(p *place, r refusal, by *route) {
	if p.kind != placeRefused {
		f.refuse(p.value, r)
		p.by = by
	}
}
