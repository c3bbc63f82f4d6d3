package lint_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"palletgen/gen/lab"
)

// realShells are those that scripts have to run in.
var realShells = [][]string{{"dash"}, {"posh"}, {"yash"}, {"ksh93"}, {"busybox", "sh"}, {"mksh"}, {"zsh", "--emulate", "sh"}, {"bash", "--posix"}, {"bash"}}

// applets stands for busybox with its own programs: its shell runs those of the
// host where there are some.
const applets = "busybox with its programs"

var appletsFolder = sync.OnceValue(func() string {
	dir, err := os.MkdirTemp("", "lint-applets")
	if err != nil {
		return ""
	}
	_ = exec.Command("busybox", "--install", "-s", dir).Run()
	return dir
})

func TestMain(m *testing.M) {
	code := m.Run()
	_ = os.RemoveAll(appletsFolder())
	os.Exit(code)
}

// TestCorpusInShells runs every portable form in all shells, and every
// snippet until one of them does otherwise than it should.
func TestCorpusInShells(t *testing.T) {
	if testing.Short() {
		t.Skip("starts thousands of shells")
	}
	var here [][]string
	for _, argv := range realShells {
		t.Run(strings.Join(argv, " "), func(t *testing.T) {
			lab.Need(t, argv[0])
			here = append(here, argv)
		})
	}
	all := here
	if len(here) == len(realShells) {
		all = append(all[:len(all):len(all)], []string{applets})
	}
	each(corpus(t), func(s *snippet) {
		var odd []string
		for _, argv := range all {
			if argv[0] == applets && s.topic != "programs" {
				continue
			}
			if got, code := runSnippet(t, argv, s.portable); got != s.want || code != s.code {
				t.Errorf("%v: %s: the portable form prints %q and exits %d", s, argv[0], got, code)
			}
			if len(odd) == 0 || testing.Verbose() {
				if got, code := runSnippet(t, argv, s.bad); got != s.want || code != s.code {
					odd = append(odd, strings.Join(argv, " "))
				}
			}
		}
		if len(odd) == 0 && len(here) == len(realShells) {
			t.Errorf("%v: does what it should in every shell", s)
		}
		if testing.Verbose() {
			t.Logf("%v: fails in %s", s, strings.Join(odd, ", "))
		}
	})
}

// each calls do for all of list, some beside each other.
func each[T any](list []T, do func(T)) {
	var group sync.WaitGroup
	free := make(chan struct{}, 2*runtime.NumCPU())
	for _, item := range list {
		free <- struct{}{}
		group.Go(func() {
			do(item)
			<-free
		})
	}
	group.Wait()
}

// runSnippet runs a script in a folder of its own and returns what it prints and its
// exit code: for a signal 128 and more, -1 where it takes too long.
func runSnippet(t *testing.T, argv []string, script string) (out string, code int) {
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "script"), []byte(script), 0o600)
	}
	if err != nil {
		t.Error(err)
		return "", -1
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	path := os.Getenv("PATH")
	if argv[0] == applets {
		argv, path = []string{"busybox", "sh"}, appletsFolder()
	}
	cmd := exec.CommandContext(ctx, argv[0], append(argv[1:], "script")...)
	var stdout bytes.Buffer
	cmd.Dir, cmd.Stdout = dir, &stdout
	cmd.Env = []string{"PATH=" + path, "HOME=" + dir, "LC_ALL=C"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = 2 * time.Second
	if err := cmd.Run(); ctx.Err() != nil || cmd.ProcessState == nil {
		t.Logf("%s: %v", argv[0], err)
		return stdout.String(), -1
	}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return stdout.String(), 128 + int(status.Signal())
	}
	return stdout.String(), cmd.ProcessState.ExitCode()
}
