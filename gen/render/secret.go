package render

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/record"
	"palletgen/gen/secret"
	"palletgen/gen/shell"
)

// secretFormats are the formats of files that secrets can be put into on the
// target.
var secretFormats = []string{"text", "shell"}

// secretsOf returns the secrets among the values, and where the first is printed.
func secretsOf(m *record.Marked) (refs []secret.Ref, pos diag.Pos) {
	for _, v := range m.Values {
		if ref, ok := v.V.(secret.Ref); ok {
			if refs == nil {
				pos = v.Pos
			}
			refs = append(refs, ref)
		}
	}
	return refs, pos
}

// refuseSecrets reports the first secret in what is no file on the host; from
// tells where the values come from, while lines are traced.
func refuseSecrets(m *record.Marked, from []origins, errs *diag.List) bool {
	refs, pos := secretsOf(m)
	if refs == nil {
		return false
	}
	err := diag.At(pos, "the secret %s cannot stand here", refs[0].What()).
		WithHint("the words of a command are readable for everybody on the host; put it into a file of its own, of the format text or shell")
	for i, v := range m.Values {
		if v.V == any(refs[0]) && i < len(from) {
			err = plan.Told(err, from[i]())
		}
	}
	errs.Add(err)
	return true
}

// takeSecrets puts what stands for them in the bundle in the place of secrets,
// and remembers them.
func (f *hostFile) takeSecrets(m *record.Marked) (*record.Marked, error) {
	refs, pos := secretsOf(m)
	if refs == nil {
		return m, nil
	}
	switch {
	case !slices.Contains(secretFormats, f.spec.Format):
		return nil, diag.At(pos, "a secret cannot stand in a file of the format %s", f.spec.Format).
			WithHint("formats that it can stand in are %s: make one of those of it, and name it here (environment_file of the service, an include, a password file)",
				strings.Join(secretFormats, ", "))
	case !strings.HasSuffix(f.mode, "0"):
		return nil, diag.At(pos, "%s holds a secret, and with the mode %s everybody on the host can read it", f.path, f.mode).
			WithHint(modeHint)
	}
	filled := *m
	filled.Values = slices.Clone(m.Values)
	for i, v := range filled.Values {
		ref, ok := v.V.(secret.Ref)
		if !ok {
			continue
		}
		how, err := f.howFilled(ref, m)
		if err != nil {
			return nil, diag.At(v.Pos, "%s", err.Msg).WithHint("%s", err.Hint)
		}
		ref = ref.With(how)
		filled.Values[i].V = ref.Place()
		f.secrets = append(f.secrets, ref)
	}
	return &filled, nil
}

const modeHint = "mode: \"0600\", or \"0640\" and a group"

// howFilled tells how the target is to put the secret into the file that m makes.
func (f *hostFile) howFilled(ref secret.Ref, m *record.Marked) (secret.How, *diag.Error) {
	how := ref.How()
	switch {
	case f.spec.Format == "shell" && how != secret.Plain:
		return "", (&diag.Error{Msg: "in a file of the format shell a secret needs no escaping"}).
			WithHint("write {{ .NAME }} alone: palletgen quotes it")
	case f.spec.Format == "shell":
		return secret.Shell, nil
	case how == secret.Plain && m.Text == record.Marker(0)+"\n":
		return secret.Whole, nil
	case ref.Lines() && how != secret.Backslashed:
		return "", (&diag.Error{Msg: fmt.Sprintf("the secret %s is of the type text: it can have several lines, and they cannot stand here", ref.What())}).
			WithHint("give it a file that holds nothing else, or \"{{ backslashed .NAME }}\", which writes \\n; of the type string it has one line")
	}
	return how, nil
}

// secretNames lists what the secrets in the file are called.
func (f *hostFile) secretNames() []string {
	var names []string
	for _, ref := range f.secrets {
		names = append(names, ref.Name())
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// checkSecrets reports a file in which the target could not put the secrets
// where they belong. again makes its content with other values.
func (f *hostFile) checkSecrets(m *record.Marked, again func(*record.Marked) ([]byte, error)) error {
	if f.secrets == nil {
		return nil
	}
	_, pos := secretsOf(m)
	switch {
	case bytes.Count(f.data, []byte(secret.Mark)) != len(f.secrets):
		return diag.At(pos, "the file %s holds %q beside secrets", f.path, secret.Mark).WithHint("that text stands for a secret; remove it")
	case !bytes.HasSuffix(f.data, []byte("\n")):
		return diag.At(pos, "the file %s holds a secret, and does not end in a newline", f.path).WithHint("end its last line")
	case bytes.ContainsFunc(f.data, func(r rune) bool { return r > 0x7e }):
		return diag.At(pos, "the file %s holds a secret, and more than ASCII", f.path).WithHint("not every shell keeps other bytes")
	}
	for i, n := 0, 0; i < len(m.Values); i++ {
		ref, ok := m.Values[i].V.(secret.Ref)
		if !ok {
			continue
		}
		if f.secrets[n].How() == secret.Whole { // there is nothing beside it
			return nil
		}
		if err := f.commutes(m, i, ref, f.secrets[n], again); err != nil {
			return err
		}
		n++
	}
	return nil
}

// commutes checks that with the hardest value of all for one secret, what the
// target will do to the file is what is done here.
func (f *hostFile) commutes(m *record.Marked, i int, ref, placed secret.Ref, again func(*record.Marked) ([]byte, error)) error {
	filled, n := *m, 0
	filled.Values = slices.Clone(m.Values)
	for j, v := range filled.Values {
		if _, ok := v.V.(secret.Ref); ok {
			filled.Values[j].V = f.secrets[n].Place()
			n++
		}
	}
	hard := hardest
	if ref.Lines() {
		hard += "\n x \n\n"
	}
	filled.Values[i].V = ref.How().Apply(hard)
	got, err := again(&filled)
	// The same secret may stand in the file several times: each may be the one.
	place, before := placed.Place(), 0
	for err == nil {
		at := strings.Index(string(f.data[before:]), place)
		if at < 0 {
			break
		}
		at += before
		if string(got) == string(f.data[:at])+placed.How().Apply(hard)+string(f.data[at+len(place):]) {
			return nil
		}
		before = at + 1
	}
	return diag.At(m.Values[i].Pos, "the secret %s cannot stand here", ref.What()).
		WithHint("in a script it can stand as a word of its own, or within single quotes")
}

// hardest holds every character that a secret of one line can.
var hardest = func() string {
	var b strings.Builder
	for c := byte(' '); c <= '~'; c++ {
		b.WriteByte(c)
	}
	return b.String() + "''\\"
}()

// secretData is what the template of run sees of the secrets; nil where the
// bundle has none.
func (b *builder) secretData() map[string]any {
	byName, byPhase := map[string]secret.Ref{}, map[string]map[string]bool{}
	for _, f := range b.files {
		for _, ref := range f.secrets {
			if before, ok := byName[ref.Name()]; ok && (before.File() != ref.File() || strings.HasPrefix(ref.Name(), "PALLETGEN_") && before.What() != ref.What()) {
				err := diag.At(f.crate.Pos, "two secrets of group %s are called %s: %s and %s", b.group.Name, ref.Name(), before.What(), ref.What()).
					WithHint("name another variable:  {env: NAME}")
				if b.trace != nil {
					err = plan.Told(err, b.secretOrigins(ref.Name()))
				}
				b.errs.Add(err)
			}
			if before, ok := byName[ref.Name()]; !ok || before.Lines() { // one line is what all can take
				byName[ref.Name()] = ref
			}
			if byPhase[f.phase] == nil {
				byPhase[f.phase] = map[string]bool{}
			}
			byPhase[f.phase][ref.Name()] = true
		}
	}
	if len(byName) == 0 {
		return nil
	}
	var all, phases []any
	for _, name := range sortedKeys(byName) {
		all = append(all, map[string]any{"name": name, "file": byName[name].File(), "what": byName[name].What(), "lines": byName[name].Lines()})
	}
	for _, name := range sortedKeys(byPhase) {
		phases = append(phases, map[string]any{"script": name, "names": toList(sortedKeys(byPhase[name]))})
	}
	return map[string]any{"all": all, "phases": phases, "code": takingVariables(byName)}
}

// secretVariables lists, by phase, the secrets that are in no file of their own on
// the host.
func (b *builder) secretVariables() map[string][]string {
	byPhase := map[string][]string{}
	for _, f := range b.files {
		for _, ref := range f.secrets {
			if ref.File() == "" && !slices.Contains(byPhase[f.phase], ref.Name()) {
				byPhase[f.phase] = append(byPhase[f.phase], ref.Name())
			}
		}
	}
	return byPhase
}

// takingVariables are the functions of run that name the variables, which are
// capital letters, digits and _.
func takingVariables(byName map[string]secret.Ref) shell.Code {
	take, lend := "", ""
	for _, name := range sortedKeys(byName) {
		if byName[name].File() != "" {
			continue
		}
		take += fmt.Sprintf("    case $secret_asked in\n        *\" %[1]s \"*) [ -z \"$%[1]s\" ] || secret_add %[1]s \"$%[1]s\" 64 ;;\n    esac\n    unset %[1]s\n", name)
		lend += fmt.Sprintf("    if run_secret %[1]s; then\n        %[1]s=$run_secret\n        export %[1]s\n    fi\n", name)
	}
	return shell.Code("# secret_variables: takes the secrets from variables, which nothing that is called from here on inherits.\n" +
		"secret_variables() {\n" + take + "    :\n}\n\n" +
		"# secret_lend: puts the secrets into variables again, for the run in an image.\n" +
		"secret_lend() {\n" + lend + "    :\n}\n")
}
