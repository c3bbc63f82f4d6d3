package sign_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"palletgen/gen/lab"
	"palletgen/gen/sign"
)

var message = []byte("sums of files\n")

// newKey makes a key with the real ssh-keygen and returns its file.
func newKey(t *testing.T, options ...string) string {
	t.Helper()
	keygen := lab.Need(t, "ssh-keygen")
	file := filepath.Join(t.TempDir(), "key")
	if !strings.Contains(strings.Join(options, " "), "-N") {
		options = append(options, "-N", "")
	}
	said, err := exec.Command(keygen, append([]string{"-q", "-C", "someone", "-f", file}, options...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("ssh-keygen: %v\n%s", err, said)
	}
	return file
}

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// mustSign signs message.
func mustSign(t *testing.T, key string) []byte {
	t.Helper()
	signer, err := sign.NewSigner(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := signer.Sign(message)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

// verified checks a signature of message against a file of keys.
func verified(t *testing.T, trusted string, message, signature []byte) (string, error) {
	t.Helper()
	keys, err := sign.Open(t.Context(), trusted)
	if err != nil {
		return "", err
	}
	return keys.Verify(t.Context(), message, signature)
}

// TestKinds signs with keys of each kind, twice, and checks that.
func TestKinds(t *testing.T) {
	for _, c := range []struct {
		options, kind string
		repeats       bool
	}{
		{"-t ed25519", "ssh-ed25519", true},
		{"-t rsa -b 2048", "ssh-rsa", true},
		{"-t ecdsa -b 256", "ecdsa-sha2-nistp256", false},
		{"-t ecdsa -b 521", "ecdsa-sha2-nistp521", false},
	} {
		t.Run(c.options, func(t *testing.T) {
			key := newKey(t, strings.Fields(c.options)...)
			first, second := mustSign(t, key), mustSign(t, key)
			if kind := sign.KeyType(first); kind != c.kind || sign.Repeats(kind) != c.repeats {
				t.Errorf("its type is %q, and it repeats: %t", kind, sign.Repeats(kind))
			}
			if same := bytes.Equal(first, second); same != c.repeats {
				t.Errorf("two signatures are the same: %t", same)
			}
			for _, prefix := range []string{"", "me ", "me,you namespaces=\"palletgen,git\" "} {
				trusted := write(t, "# keys\n"+prefix+read(t, key+".pub"))
				who, err := verified(t, trusted, message, first)
				if err != nil || !strings.Contains(who, "SHA256:") || strings.HasPrefix(who, "me, ") != (prefix != "") {
					t.Errorf("%q: signed by %q: %v", prefix, who, err)
				}
			}
		})
	}
}

// TestRefuses checks signatures that are not to be trusted.
func TestRefuses(t *testing.T) {
	ours, theirs := newKey(t), newKey(t)
	good, public := mustSign(t, ours), read(t, ours+".pub")
	cut := good[:len(good)/2]
	for _, c := range []struct {
		name, trusted      string
		message, signature []byte
		want               string
	}{
		{"another message", public, []byte("sums of file\n"), good, "does not fit"},
		{"cut off", public, message, cut, "does not fit"},
		{"none", public, message, nil, "does not fit"},
		{"another key", read(t, theirs+".pub"), message, good, "is not in"},
		{"another signer", "me " + read(t, theirs+".pub"), message, good, "does not let sign"},
		{"another purpose", "me namespaces=\"git\" " + public, message, good, "does not let sign"},
		{"expired", "me valid-before=\"20200101\" " + public, message, good, "key has expired"},
		{"not valid yet", "me valid-after=\"20990101\" " + public, message, good, "not yet valid"},
		{"no key", "# nothing\n", message, good, "there is no key in it"},
		{"both", public + "me " + public, message, good, "make them alike"},
		{"private", read(t, ours), message, good, "this is a private key"},
		{"damaged key", "ssh-ed25519 AAAAx\n", message, good, "not a public key file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			who, err := verified(t, write(t, c.trusted), c.message, c.signature)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("signed by %q, %v; want %q", who, err, c.want)
			}
		})
	}
	for file, want := range map[string]string{"/nowhere/keys": "no such file", t.TempDir(): "no file with keys"} {
		if _, err := sign.Open(t.Context(), file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestNamespace: a signature of a file for another purpose is none of a bundle.
func TestNamespace(t *testing.T) {
	key := newKey(t)
	file := write(t, string(message))
	if said, err := exec.Command("ssh-keygen", "-q", "-Y", "sign", "-n", "file", "-f", key, file).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if _, err := verified(t, key+".pub", message, []byte(read(t, file+".sig"))); err == nil || !strings.Contains(err.Error(), "namespace") {
		t.Error(err)
	}
}

// TestCannotSign: each failure says what to do, asks nobody and comes at once.
func TestCannotSign(t *testing.T) {
	t.Setenv("SSH_AUTH_SOCK", "")
	t.Setenv("DISPLAY", ":7")
	encrypted := newKey(t, "-N", "secret")
	public := write(t, read(t, newKey(t)+".pub"))
	open := newKey(t)
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, key, want, hint string }{
		{"encrypted", encrypted, "the key is encrypted, and no agent has it", "ssh-add"},
		{"public", public, "it is a public key, and neither", "ssh-add"},
		{"no key", write(t, "nothing\n"), "it is no OpenSSH key", "ssh-keygen -t ed25519"},
		{"empty", write(t, ""), "it is no OpenSSH key", ""},
		{"open to all", open, "others may read the key", "chmod 600"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			signer, err := sign.NewSigner(ctx, c.key)
			if err != nil {
				t.Fatal(err)
			}
			_, err = signer.Sign(message)
			if err == nil || !strings.Contains(err.Error(), c.want) || ctx.Err() != nil {
				t.Errorf("%v, want %q", err, c.want)
			}
			if _, again := signer.Sign(message); again != err {
				t.Errorf("the second time %v", again)
			}
		})
	}
	for _, file := range []string{"/nowhere/key", t.TempDir()} {
		if _, err := sign.NewSigner(t.Context(), file); err == nil || !strings.Contains(err.Error(), "cannot sign with "+file) {
			t.Error(err)
		}
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := sign.NewSigner(t.Context(), open); err == nil || !strings.Contains(err.Error(), "ssh-keygen is missing") {
		t.Error(err)
	}
	if _, err := sign.Open(t.Context(), public); err == nil || !strings.Contains(err.Error(), "ssh-keygen is missing") {
		t.Error(err)
	}
}

// TestAgent signs with a key that only an agent has, and with an encrypted one
// that an agent has open.
func TestAgent(t *testing.T) {
	agent, add := lab.Need(t, "ssh-agent"), lab.Need(t, "ssh-add")
	// A path of its own: those of sockets are short.
	dir, err := os.MkdirTemp("", "agent-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	cmd := exec.Command(agent, "-D", "-a", socket)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
	})
	lab.Until(t, 10*time.Second, "the agent", func() bool { _, err := os.Stat(socket); return err == nil })
	t.Setenv("SSH_AUTH_SOCK", socket)
	alone, encrypted := newKey(t), newKey(t, "-N", "secret")
	t.Setenv("SSH_ASKPASS", write(t, "#!/bin/sh\necho secret\n"))
	t.Setenv("SSH_ASKPASS_REQUIRE", "force")
	if err := os.Chmod(os.Getenv("SSH_ASKPASS"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{alone, encrypted} {
		if said, err := exec.Command(add, key).CombinedOutput(); err != nil {
			t.Fatalf("ssh-add: %v\n%s", err, said)
		}
	}
	t.Setenv("SSH_ASKPASS", "false")
	if err := os.Remove(alone); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{alone + ".pub", encrypted, encrypted + ".pub"} {
		public := strings.TrimSuffix(key, ".pub") + ".pub"
		if who, err := verified(t, public, message, mustSign(t, key)); err != nil {
			t.Errorf("%s: signed by %q: %v", key, who, err)
		}
	}
}

// TestCancelled ends a signing that hangs.
func TestCancelled(t *testing.T) {
	bin := t.TempDir()
	pid := filepath.Join(bin, "pid")
	script := "#!/bin/sh\necho $$ >" + pid + "\nexec sleep 60\n"
	if err := os.WriteFile(filepath.Join(bin, "ssh-keygen"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	ctx, cancel := context.WithCancel(t.Context())
	signer, err := sign.NewSigner(ctx, write(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			if text, _ := os.ReadFile(pid); len(text) > 0 && text[len(text)-1] == '\n' {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		cancel()
	}()
	start := time.Now()
	if _, err := signer.Sign(message); err == nil || time.Since(start) > 30*time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(read(t, pid)))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(n, 0); err == nil {
		t.Errorf("process %d is still there", n)
	}
}

// FuzzKeyType feeds what is no signature.
func FuzzKeyType(f *testing.F) {
	f.Add([]byte("-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg\n-----END SSH SIGNATURE-----\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if kind := sign.KeyType(data); len(kind) > len(data) {
			t.Errorf("%q", kind)
		}
	})
}
