// Package sign signs with OpenSSH keys and checks such signatures. It calls the
// host's own ssh-keygen for both: so keys in an agent or on a hardware token work
// as they do for ssh, and what is checked here is what a host checks. It
// imports gen/diag.
package sign

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"time"

	"palletgen/gen/diag"
)

// Namespace is what signatures are for: one that was made for another purpose
// is none of a bundle.
const Namespace = "palletgen"

// MaxSignature bounds the size of a signature, in bytes. One of an RSA key with
// 16384 bits has 6 kB.
const MaxSignature = 16 << 10

const program = "ssh-keygen"

// needed reports that the program is missing.
func needed(what string) error {
	if _, err := exec.LookPath(program); err != nil {
		return diag.At(diag.Pos{}, "cannot %s: %s is missing on this host", what, program).
			WithHint("it is in the package openssh-client, or openssh")
	}
	return nil
}

// run calls ssh-keygen, which never asks anybody for anything: it has no
// terminal, no standard input but this, and a helper for passphrases that
// knows none. said is what it prints on standard error.
func run(ctx context.Context, input []byte, args ...string) (out []byte, said string, err error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "SSH_ASKPASS_REQUIRE=force", "SSH_ASKPASS=false", "DISPLAY=none")
	cmd.SysProcAttr = alone()
	cmd.WaitDelay = 2 * time.Second // for those that it has started itself
	cmd.Stdin = bytes.NewReader(input)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return stdout.Bytes(), strings.TrimSpace(strings.ReplaceAll(stderr.String(), "\r", "")), err
}

// tooOld tells whether ssh-keygen did not know what it was asked for.
func tooOld(said string) bool {
	return strings.Contains(said, "option -- Y") || strings.Contains(said, "nsupported operation")
}

func oldProgram() *diag.Error {
	return diag.At(diag.Pos{}, "%s on this host can neither make nor check signatures", program).
		WithHint("it takes OpenSSH 8.2 or later")
}

// lastLine is what ssh-keygen says in the end, for messages.
func lastLine(said string, err error) string {
	if said != "" {
		return said[strings.LastIndexByte(said, '\n')+1:]
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.String()
	}
	if err != nil {
		return err.Error()
	}
	return "nothing is said of why"
}
