package pack

import (
	"os"
	"path/filepath"
	"strings"
)

// unpack makes the new folder path of what tar would put into an archive: with
// the same modes whatever the umask is, and the same times.
func (a *archiver) unpack(path string, members []entry) error {
	var folders []string // those made, the outermost first
	for _, e := range members {
		_, inside, _ := strings.Cut(strings.TrimSuffix(e.name, "/"), "/")
		name := filepath.Join(path, filepath.FromSlash(inside))
		mode := os.FileMode(e.mode)
		var err error
		if e.folder() {
			folders = append(folders, name)
			err = os.Mkdir(name, mode)
		} else {
			err = os.WriteFile(name, e.data, mode)
		}
		if err == nil {
			err = os.Chmod(name, mode)
		}
		if err == nil && !e.folder() {
			err = os.Chtimes(name, a.time, a.time)
		}
		if err != nil {
			return err
		}
	}
	for i := len(folders) - 1; i >= 0; i-- {
		if err := os.Chtimes(folders[i], a.time, a.time); err != nil {
			return err
		}
	}
	return nil
}
