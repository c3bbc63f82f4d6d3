package sign

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"

	"palletgen/gen/diag"
)

var errNone = errors.New("no signature")

// Trusted are the keys that may sign: plain public keys, one a line, or an
// allowed_signers file, which also says for what and until when; see
// ssh-keygen(1).
type Trusted struct {
	file   string
	prints map[string]bool // of the plain keys, SHA256:…; nil for an allowed_signers file
}

// maxTrusted bounds a file of keys, in bytes.
const maxTrusted = 1 << 20

// Open reads the file of trusted keys.
func Open(ctx context.Context, file string) (*Trusted, error) {
	if err := needed("check signatures"); err != nil {
		return nil, err
	}
	bad := func(format string, args ...any) error {
		return diag.At(diag.Pos{Source: &diag.Source{Name: file}}, format, args...).
			WithHint("a public key, ssh-ed25519 AAAA…, or lines of an allowed_signers file: NAME ssh-ed25519 AAAA…")
	}
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, bad("cannot read the trusted keys: there is no such file")
	case !info.Mode().IsRegular(), info.Size() > maxTrusted:
		return nil, bad("cannot read the trusted keys: it is no file with keys")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, bad("cannot read the trusted keys: %v", err)
	}
	if bytes.Contains(text, []byte("PRIVATE KEY-----")) {
		return nil, bad("this is a private key: its public half, in the file with .pub, is what others trust")
	}
	plain, signers := kinds(string(text))
	switch {
	case plain && signers:
		return nil, bad("some of its lines are plain keys, others begin with who signs: make them alike")
	case !plain && !signers:
		return nil, bad("there is no key in it")
	}
	t := &Trusted{file: file}
	if plain {
		err = t.list(ctx)
	}
	return t, err
}

// kinds tells whether a text has lines with a plain key, and lines with one
// behind other words. It is what trust_kind in templates/lib/trust.sh does.
func kinds(text string) (plain, signers bool) {
	for line := range strings.Lines(text) {
		words := append(strings.Fields(line), "", "")
		switch {
		case words[0] == "", words[0][0] == '#':
		case isKeyType(words[0]) && strings.HasPrefix(words[1], "AAAA"):
			plain = true
		default:
			signers = true
		}
	}
	return plain, signers
}

func isKeyType(word string) bool {
	for _, prefix := range []string{"ssh-", "ecdsa-", "sk-"} {
		if strings.HasPrefix(word, prefix) {
			return true
		}
	}
	return false
}

// Verify returns who signed message, and with which key; an error where it is
// none of those trusted, or the signature is no good.
func (t *Trusted) Verify(ctx context.Context, message, signature []byte) (who string, err error) {
	file, err := os.CreateTemp("", "palletgen-*.sig") // ssh-keygen reads it from nowhere else
	if err != nil {
		return "", err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(signature)
	if e := file.Close(); err == nil {
		err = e
	}
	if err != nil {
		return "", err
	}
	good, said, err := run(ctx, message, "-Y", "check-novalidate", "-n", Namespace, "-s", file.Name())
	if ctx.Err() != nil {
		return "", err
	}
	if err != nil {
		if tooOld(said) {
			return "", oldProgram()
		}
		return "", errors.New("the signature does not fit SHA256SUMS (" + lastLine(firstLine(said), err) + ")")
	}
	key := keyOf(string(good))
	if t.prints == nil {
		who, err = t.signer(ctx, message, file.Name(), key)
		return who + ", " + key, err
	}
	_, print, _ := strings.Cut(key, " ")
	if !t.prints[print] {
		err = errors.New("it is signed by the key " + key + ", which is not in " + t.file)
	}
	return key, err
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// keyOf returns "ED25519 SHA256:…" of what ssh-keygen says of a good signature:
// Good "palletgen" signature with ED25519 key SHA256:…
func keyOf(good string) string {
	words := strings.Fields(firstLine(good))
	if len(words) < 3 {
		return ""
	}
	return words[len(words)-3] + " " + words[len(words)-1]
}

// list reads the plain keys.
func (t *Trusted) list(ctx context.Context) error {
	list, said, err := run(ctx, nil, "-l", "-E", "sha256", "-f", t.file)
	t.prints = map[string]bool{}
	for line := range strings.Lines(string(list)) {
		// 256 SHA256:… comment (ED25519)
		if words := strings.Fields(line); len(words) > 1 && strings.HasPrefix(words[1], "SHA256:") {
			t.prints[words[1]] = true
		}
	}
	if len(t.prints) == 0 {
		return diag.At(diag.Pos{Source: &diag.Source{Name: t.file}}, "cannot read the trusted keys: %s", lastLine(said, err))
	}
	return nil
}

// signer returns the name under which the key is in the allowed_signers file.
func (t *Trusted) signer(ctx context.Context, message []byte, signature, key string) (string, error) {
	names, said, _ := run(ctx, nil, "-Y", "find-principals", "-f", t.file, "-s", signature)
	for name := range strings.Lines(string(names)) {
		name = strings.TrimSuffix(name, "\n")
		if name == "" {
			continue
		}
		var err error
		if _, said, err = run(ctx, message, "-Y", "verify", "-f", t.file, "-I", name, "-n", Namespace, "-s", signature); err == nil {
			return name, nil
		}
	}
	if said = firstLine(said); said != "" {
		said = " (" + said + ")"
	}
	return "", errors.New("it is signed by the key " + key + ", which " + t.file + " does not let sign bundles now" + said)
}
