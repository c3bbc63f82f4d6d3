package software

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"palletgen/gen/lab"
)

// Machines have no network. So the packages are fetched once, by the host's own apt from its own mirrors, with all that they
// need and the host does not have, and made a repository of files, from which the apt of the machines installs them. Nothing of
// the host is changed by that.

// packagesVariable names a folder for them that stays, to save the time: what is in there is taken as it is, and the rest is
// fetched into it. It must not be below /tmp, of which a machine sees nothing.
const packagesVariable = "PALLETGEN_PACKAGES"

// folder is where the packages are; an error is why they cannot be fetched.
var folder = struct {
	sync.Mutex
	path string
	err  error
	uses int // tests that are not done yet
}{}

// fetch makes the repository NAME of packages of the host's distribution, and returns its folder.
func fetch(t *testing.T, name string, packages ...string) string {
	t.Helper()
	lab.New(t, lab.Options{}).End() // not where there can be no machine
	lab.Need(t, "apt-get")
	folder.Lock()
	defer folder.Unlock()
	folder.uses++
	t.Cleanup(leaveFolder)
	if folder.path == "" {
		folder.path, folder.err = makeFolder()
	}
	repository := filepath.Join(folder.path, name)
	if _, err := os.Stat(repository + "/Packages"); err == nil {
		return repository
	}
	if folder.err == nil {
		folder.err = updateLists(folder.path)
	}
	if folder.err == nil {
		folder.err = download(folder.path, repository, packages)
	}
	if folder.err != nil {
		lab.Skip(t, "needs the distribution's packages: "+folder.err.Error())
	}
	if err := writeIndex(repository); err != nil {
		t.Fatal(err)
	}
	return repository
}

// leaveFolder removes the folder after the last test.
func leaveFolder() {
	folder.Lock()
	defer folder.Unlock()
	folder.uses--
	if folder.uses == 0 && os.Getenv(packagesVariable) == "" {
		_ = os.RemoveAll(folder.path)
		folder.path = ""
	}
}

func makeFolder() (string, error) {
	if path := os.Getenv(packagesVariable); path != "" {
		return path, os.MkdirAll(path, 0o755)
	}
	path, err := os.MkdirTemp("/var/tmp", "palletgen-test-")
	if err != nil {
		return "", err
	}
	return path, os.Chmod(path, 0o755) // apt reads it as a user of its own
}

// updateLists asks the mirrors what there is, once.
func updateLists(path string) error {
	lists := path + "/.lists"
	if _, err := os.Stat(lists); err == nil {
		return nil
	}
	if err := os.MkdirAll(lists+"/partial", 0o755); err != nil {
		return err
	}
	if err := apt(path, "-o", "APT::Update::Error-Mode=any", "update"); err != nil {
		return fmt.Errorf("%w%w", err, os.RemoveAll(lists))
	}
	return nil
}

// download fetches packages and all that they need; those among them, too, that the host has.
func download(path, repository string, packages []string) error {
	if err := os.MkdirAll(repository+"/partial", 0o755); err != nil {
		return err
	}
	args := []string{"-o", "Dir::Cache::archives=" + repository, "-y", "--download-only", "--no-install-recommends", "--reinstall", "install"}
	return apt(path, append(args, packages...)...)
}

// apt runs the host's apt-get, with lists of its own.
func apt(path string, args ...string) error {
	args = append([]string{"-q", "-o", "Dir::State::lists=" + path + "/.lists", "-o", "APT::Sandbox::User=root", "-o", "Dir::Cache::pkgcache=",
		"-o", "Dir::Cache::srcpkgcache=", "-o", "Debug::NoLocking=true", "-o", "Acquire::Retries=3"}, args...)
	if said, err := exec.Command("apt-get", args...).CombinedOutput(); err != nil {
		lines := strings.Split(strings.TrimSpace(string(said)), "\n")
		return fmt.Errorf("apt-get: %w: %s", err, lines[len(lines)-1])
	}
	return nil
}

// writeIndex makes the file Packages, by which apt knows what a repository has.
func writeIndex(repository string) error {
	debs, err := filepath.Glob(repository + "/*.deb")
	if err != nil {
		return err
	}
	var index strings.Builder
	for _, deb := range debs {
		control, err := exec.Command("dpkg-deb", "--field", deb).Output()
		if err != nil {
			return fmt.Errorf("%s: %w", deb, err)
		}
		data, err := os.ReadFile(deb)
		if err != nil {
			return err
		}
		fmt.Fprintf(&index, "%sFilename: ./%s\nSize: %d\nSHA256: %x\n\n", control, filepath.Base(deb), len(data), sha256.Sum256(data))
	}
	return os.WriteFile(repository+"/Packages", []byte(index.String()), 0o644)
}
