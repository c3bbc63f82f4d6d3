package secret_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"palletgen/gen/lab"
	"palletgen/gen/secret"
)

// driver fills the file that the target would, with the secret of the environment.
const driver = `LC_ALL=C
nl='
'
. "$1"
bundle=$2 state=/nonexistent
secrets=${nl}OTHER=x${nl}A=$VALUE${nl}AA=y$nl
die() { printf '%s\n' "$2" >&2; exit "$1"; }
secret_content "" -
secret_print
printf '%s\n' "$secret_sum" >&2
`

// shells are those that CI has in any case; each with the arguments that make it sh.
var shells = [][]string{{"dash"}, {"bash", "--posix"}, {"busybox", "sh"}}

// FuzzFill has real shells put a secret into a file and compares the bytes.
func FuzzFill(f *testing.F) {
	for _, value := range []string{"x", `a"b'c\d`, "'", `\`, "$(x)`y`", "%s\\n", "<palletgen:A:sh>", " lead and trail ", "END", "-n", "a/b=c", "~", "*", "#", "-----BEGIN\nx y\n\n'\"\\ \n  -----END", "a\nA=b\nOTHER=c"} {
		f.Add("# text\n\tkey \"", "\"\nlast", value)
		f.Add("", "", value)
		f.Add("\\\n$x `y`\nEND\n", "END\n\n", value)
	}
	for _, argv := range shells {
		lab.Need(f, argv[0])
	}
	lib, err := filepath.Abs("../../templates/lib/secrets.sh")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, before, after, value string) {
		before, after = ascii(before, "\n\t"), ascii(after, "\n\t")
		value = strings.TrimRight(ascii(value, "\n"), "\n")
		if value == "" || strings.Contains(before+after, secret.Mark) {
			t.Skip()
		}
		bundle := t.TempDir()
		for _, how := range []secret.How{secret.Plain, secret.Backslashed, secret.Doubled, secret.Shell, secret.Whole} {
			ref := secret.New("A", "", "a of x").With(how)
			if err := os.WriteFile(bundle+"/root", []byte(before+ref.Place()+"|"+ref.Place()+after+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			want := before + how.Apply(value) + "|" + how.Apply(value) + after + "\n"
			for _, argv := range shells {
				fill(t, argv, lib, bundle, how, value, want)
			}
		}
	})
}

// plainBytes are what can stand anywhere as it is.
const plainBytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.,:@%+/=-"

// ascii keeps what a file with secrets can hold.
func ascii(text, more string) string {
	return strings.Map(func(r rune) rune {
		if r >= ' ' && r <= '~' || strings.ContainsRune(more, r) {
			return r
		}
		return -1
	}, text)
}

func fill(t *testing.T, argv []string, lib, bundle string, how secret.How, value, want string) {
	t.Helper()
	var said strings.Builder
	cmd := exec.Command(argv[0], append(argv[1:len(argv):len(argv)], "-c", driver, "sh", lib, bundle)...)
	cmd.Env, cmd.Stderr = append(os.Environ(), "VALUE="+strings.ReplaceAll(value, "\n", "\n ")), &said
	got, err := cmd.Output()
	if how == secret.Plain && strings.Trim(value, plainBytes) != "" {
		const refused = "cannot put the secret A into : it can hold only letters, digits and _ . , : @ % + / = - there\n"
		if cmd.ProcessState.ExitCode() != 64 || said.String() != refused {
			t.Errorf("%s takes %q as it is, or shows it: %v, %q", argv[0], value, err, said.String())
		}
		return
	}
	if err != nil || string(got) != want {
		t.Errorf("%s, %s: %v: got %q, want %q", argv[0], how, err, got, want)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256([]byte(want))); said.String() != sum+"\n" {
		t.Errorf("%s, %s: the sum is %q, want %s", argv[0], how, said.String(), sum)
	}
}
