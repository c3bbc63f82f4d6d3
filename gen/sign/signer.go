package sign

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/pem"
	"os"
	"strings"
	"sync/atomic"

	"palletgen/gen/diag"
)

// A Signer signs with one key. It is safe for concurrent use.
type Signer struct {
	ctx    context.Context
	key    string
	failed atomic.Pointer[diag.Error] // the first failure: the others would be the same
}

// NewSigner returns a signer with the key in file: a private key, or a public
// one whose private half an agent holds. What it runs ends when ctx does.
func NewSigner(ctx context.Context, file string) (*Signer, error) {
	if err := needed("sign"); err != nil {
		return nil, err
	}
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, diag.At(diag.Pos{}, "cannot sign with %s: there is no such file", file).
			WithHint("name a private key, such as ~/.ssh/id_ed25519, or a public one whose private half is in the agent")
	case !info.Mode().IsRegular():
		return nil, diag.At(diag.Pos{}, "cannot sign with %s: it is no file with a key", file).
			WithHint("name a private key, such as ~/.ssh/id_ed25519")
	}
	return &Signer{ctx: ctx, key: file}, nil
}

// Sign returns the signature of message, in OpenSSH's armour. After a failure
// every call fails in the same way.
func (s *Signer) Sign(message []byte) ([]byte, error) {
	if failed := s.failed.Load(); failed != nil {
		return nil, failed
	}
	signature, said, err := run(s.ctx, message, "-Y", "sign", "-n", Namespace, "-f", s.key)
	if err == nil && KeyType(signature) == "" {
		said, err = "it made no signature", errNone
	}
	if err == nil {
		return signature, nil
	}
	if s.ctx.Err() != nil {
		return nil, context.Cause(s.ctx)
	}
	failed := s.explain(said, err)
	s.failed.CompareAndSwap(nil, failed)
	return nil, s.failed.Load()
}

// explain says why ssh-keygen did not sign.
func (s *Signer) explain(said string, err error) *diag.Error {
	cannot := func(why, hint string) *diag.Error {
		return diag.At(diag.Pos{}, "cannot sign with %s: %s", s.key, why).WithHint("%s", hint)
	}
	private := strings.TrimSuffix(s.key, ".pub")
	switch {
	case tooOld(said):
		return oldProgram()
	case strings.Contains(said, "incorrect passphrase"):
		return cannot("the key is encrypted, and no agent has it", "ssh-add "+private+", and build again: nothing is asked while bundles are made")
	case strings.Contains(said, "UNPROTECTED PRIVATE KEY"), strings.Contains(said, "bad permissions"):
		return cannot("others may read the key, and so ssh-keygen does not take it", "chmod 600 "+s.key)
	case strings.Contains(said, "No private key found"), strings.Contains(said, "not found in agent"):
		return cannot("it is a public key, and neither a file beside it nor an agent has the private one", "ssh-add the private key, or name its file")
	case strings.Contains(said, "agent refused"), strings.Contains(said, "agent contains no"):
		return cannot("the agent refused: "+lastLine(said, err), "")
	case strings.Contains(said, "load public key"), strings.Contains(said, "invalid format"), strings.Contains(said, "error in libcrypto"):
		return cannot("it is no OpenSSH key", "ssh-keygen -t ed25519 -f FILE makes one")
	}
	return cannot(lastLine(said, err), "")
}

// KeyType returns the type of the key that made a signature, such as
// "ssh-ed25519"; "" for what is no signature.
func KeyType(signature []byte) string {
	block, _ := pem.Decode(signature)
	if block == nil || block.Type != "SSH SIGNATURE" {
		return ""
	}
	rest, ok := bytes.CutPrefix(block.Bytes, []byte("SSHSIG"))
	if !ok || len(rest) < 4 {
		return ""
	}
	key, ok := field(rest[4:]) // behind the version
	if !ok {
		return ""
	}
	kind, _ := field(key)
	return string(kind)
}

// field returns the string, a length and as many bytes, that data begins with.
func field(data []byte) ([]byte, bool) {
	if len(data) < 4 {
		return nil, false
	}
	n := binary.BigEndian.Uint32(data)
	if uint64(n) > uint64(len(data)-4) {
		return nil, false
	}
	return data[4 : 4+n], true
}

// Repeats tells whether keys of that type make the same signature of the same
// message each time. ECDSA takes a random number, a token counts.
func Repeats(keyType string) bool { return keyType == "ssh-ed25519" || keyType == "ssh-rsa" }
