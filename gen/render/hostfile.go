package render

import (
	"slices"
	"strings"

	"palletgen/gen/clojure"
	"palletgen/gen/command"
	"palletgen/gen/crate"
	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/ini"
	"palletgen/gen/plan"
	"palletgen/gen/plist"
	"palletgen/gen/record"
	"palletgen/gen/schema"
	"palletgen/gen/secret"
	"palletgen/gen/shell"
	"palletgen/gen/supervisor"
	"palletgen/gen/systemd"
	"palletgen/gen/upstart"
)

// A hostFile is a file that a phase puts on the host.
type hostFile struct {
	path, owner, group, mode string
	data                     []byte          // not to be changed: a copy's is shared by all bundles
	digest                   string          // see sum
	flag                     string          // durable flag that is set when the file is changed; "" for none
	verify                   command.Command // judges the new file, whose path is appended; zero for none
	phase                    string
	crate                    *plan.Crate
	service                  bool         // of the service's supervisor, not of the crate itself
	calls                    []shell.Call // what a shell file calls
	commands                 []string     // programs that settings name in it
	secrets                  []secret.Ref // that the target puts into it
	spec                     *folder.File
	description              string         // what bundles call the file that asks for it: "crates/riemann/crate.yaml"
	marked                   *record.Marked // of a template, while lines are traced
}

// executable reports whether anyone may execute the file on the host.
func (f *hostFile) executable() bool { return strings.ContainsAny(f.mode[len(f.mode)-3:], "1357") }

// sum returns the SHA-256 of the content, in hexadecimal digits.
func (f *hostFile) sum() string {
	if f.digest == "" {
		f.digest = sum(f.data)
	}
	return f.digest
}

// crateFiles renders the files of the crate and of its service's supervisor.
func (b *builder) crateFiles(c *plan.Crate) {
	defer b.blame(c, len(b.errs))
	if c.Warning != "" {
		b.warnings = append(b.warnings, c.Name+": "+c.Warning)
	}
	for _, spec := range c.Files {
		b.hostFile(&hostFile{crate: c, spec: spec, description: c.Folder.Label(crate.Description)}, c.Settings, nil)
	}
	if s := c.Service; s != nil {
		data := s.Data(b.group.Name)
		for _, spec := range s.Supervisor.Files {
			b.hostFile(&hostFile{crate: c, service: true, spec: spec, description: s.Supervisor.Folder.Label(supervisor.Description)}, data, s.Config)
		}
		b.checkPayloads(s.Supervisor.Parts, b.service(c))
	}
	b.checkPayloads(c.Parts, b.settings(c))
}

// blame adds to the errors that came up since the first `since` of them whose
// crate and group they are about: most point into a template.
func (b *builder) blame(c *plan.Crate, since int) {
	for i, e := range b.errs[since:] {
		told := *e // it may be shared by all groups
		told.Msg += " (in group " + b.group.Name + ", crate " + c.Name + " at " + c.Pos.String() + ")"
		b.errs[since+i] = &told
	}
}

func (b *builder) hostFile(f *hostFile, data, config map[string]any) {
	spec, since := f.spec, len(b.errs)
	if spec.If != nil {
		if on := b.expr(spec.If, data, ""); on == "" || on == "false" {
			b.told(f.view(b.group), since, spec.If)
			return
		}
	}
	f.path, f.phase = b.expr(spec.Path, data, ""), spec.Phase
	f.owner, f.group, f.mode = b.expr(spec.Owner, data, "root"), b.expr(spec.Group, data, "root"), b.expr(spec.Mode, data, "0644")
	b.changes(f, data)
	b.told(f.view(b.group), since, spec.If, spec.Path, spec.Owner, spec.Group, spec.Mode, spec.Verify, flagExpr(spec))
	if len(b.errs) > since || !b.checkPath(f) {
		return
	}
	if spec.Note != nil {
		if note := b.expr(spec.Note, data, ""); note != "" {
			b.notes = append(b.notes, note)
		}
		b.told(f.view(b.group), since, spec.Note)
	}
	if err := b.fill(f, data, config); err != nil {
		b.errs.Take(err)
		return
	}
	if b.hasRoom(len(f.data), f.spec.Pos) {
		b.keep(f)
	}
}

func (b *builder) expr(e *schema.Expr, data map[string]any, otherwise string) string {
	if e == nil {
		return otherwise
	}
	if text, _ := e.Eval(data, &b.errs).(string); text != "" {
		return text
	}
	return otherwise
}

// changes computes what is to happen when the file is changed.
func (b *builder) changes(f *hostFile, data map[string]any) {
	if v := f.spec.Verify; v != nil {
		f.verify, _ = v.Eval(data, &b.errs).(command.Command)
	}
	service := ""
	if s := f.crate.Service; s != nil {
		service = s.Name
	}
	spec := f.spec.Flag
	switch {
	case spec != nil:
		f.flag = spec.Eval(data, &b.errs)
	case f.service:
		f.flag = restartFlag
	case service != "":
		f.flag = reloadFlag
	}
	if f.flag != restartFlag && f.flag != reloadFlag {
		return
	}
	if service == "" {
		b.errs.Add(diag.At(spec.Pos, "the crate %s has no service to %s", f.crate.Name, f.flag).
			WithHint("name a flag of its own, such as SERVICE.%s of another crate's service", f.flag))
		return
	}
	f.flag = service + "." + f.flag
}

// Flags that stand for SERVICE.restart and SERVICE.reload.
const restartFlag, reloadFlag = "restart", "reload"

// fill makes the content of the file.
func (b *builder) fill(f *hostFile, data, config map[string]any) (err error) {
	if f.spec.Copy != nil {
		f.data, f.digest, err = f.spec.Copy.Read()
		return err
	}
	marked, err := b.content(f.spec, data, config)
	if err != nil {
		if b.trace != nil {
			err = b.viewOf(f).failed(err, f.spec.Template)
		}
		return err
	}
	if !b.track(marked) {
		return b.splice(f, marked)
	}
	f.marked = marked
	from := b.viewOf(f).read(f.spec.Template, marked.Values)
	err = b.whose(b.splice(f, marked), marked, from, func(m *record.Marked) error {
		return b.splice(&hostFile{spec: f.spec, mode: f.mode, path: f.path}, m)
	})
	return b.whoseWhole(b.whoseMode(err, f), f)
}

// content runs the template of the file, or takes the shell text that the
// config map holds instead of it.
func (b *builder) content(spec *folder.File, data, config map[string]any) (*record.Marked, error) {
	if code, ok := config[spec.Override].(shell.Code); ok && code != "" {
		text := strings.TrimSuffix(string(code), "\n") + "\n"
		return &record.Marked{Text: text, Lines: repeat(spec.Pos, strings.Count(text, "\n"))}, nil
	}
	return spec.Template.Execute(data)
}

func repeat(pos diag.Pos, n int) []diag.Pos {
	lines := make([]diag.Pos, n)
	for i := range lines {
		lines[i] = pos
	}
	return lines
}

// formats put values into the formats that have a grammar of their own, but for
// shell, which is more to a bundle than a file.
var formats = map[string]func(*record.Marked) ([]byte, error){
	"upstart": upstart.Splice, "systemd": systemd.Splice, "clojure": clojure.Splice, "ini": ini.Splice, "plist": plist.Splice,
	"text": func(m *record.Marked) ([]byte, error) {
		text, err := spliceText(m)
		return []byte(text), err
	},
}

// splice puts the values into the file, as its format wants.
func (b *builder) splice(f *hostFile, marked *record.Marked) error {
	plain, err := f.takeSecrets(marked)
	if err != nil {
		return err
	}
	if f.spec.Format != "shell" {
		if f.data, err = formats[f.spec.Format](plain); err != nil {
			return err
		}
		return f.checkSecrets(marked, formats[f.spec.Format])
	}
	script, err := b.engine.Splice(plain)
	if err != nil {
		return err
	}
	f.data = []byte(script.Text)
	for _, call := range script.Calls {
		if !slices.Contains(script.Defs, call.Name) {
			f.calls = append(f.calls, call)
		}
	}
	names := map[string]bool{}
	addCommandNames(names, marked.Values)
	f.commands = sortedKeys(names)
	return f.checkSecrets(marked, func(m *record.Marked) ([]byte, error) {
		script, err := b.engine.Splice(m)
		if err != nil {
			return nil, err
		}
		return []byte(script.Text), nil
	})
}
