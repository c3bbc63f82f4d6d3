package pack

import (
	"archive/tar"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// List reads an archive that Write made and returns its files, in the order of
// the archive; their paths are below the bundle's folder. It is an error when
// anything stands beside that folder.
func List(r io.Reader) ([]File, error) {
	gz, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("cannot read the archive: %w", err)
	}
	var files []File
	top := ""
	for tr := tar.NewReader(gz); ; {
		header, err := tr.Next()
		if err == io.EOF {
			return files, nil
		}
		if err != nil {
			return nil, fmt.Errorf("cannot read the archive: %w", err)
		}
		name, path, _ := strings.Cut(header.Name, "/")
		if top == "" {
			top = name
		}
		if name != top {
			return nil, fmt.Errorf("cannot read the archive: %s is not in the folder %s", header.Name, top)
		}
		if header.Typeflag == tar.TypeDir {
			continue
		}
		data, err := io.ReadAll(tr)
		if err != nil {
			return nil, fmt.Errorf("cannot read the archive: %s: %w", header.Name, err)
		}
		files = append(files, File{Path: path, Mode: uint32(header.Mode), Data: data})
	}
}
