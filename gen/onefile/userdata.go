package onefile

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"palletgen/gen/diag"
	"palletgen/gen/pack"
)

// MaxUserData is what Amazon EC2 takes as user data, in bytes before base64. It
// is the least of the large clouds.
const MaxUserData = 16384

// level is the compression level: every byte counts, and there are few.
const level = gzip.BestCompression

// UserData is the format of user data with the whole bundle in it: the one
// script, compressed, which cloud-init unpacks and runs at the first boot. More
// than limit bytes are an error that says what takes the room.
func UserData(head func(b pack.Bundle) (string, error), limit int) pack.Format {
	return userData(func(w io.Writer, b pack.Bundle, _ string) error {
		var out bytes.Buffer
		size, err := compress(&out, func(w io.Writer) error { return write(w, head, b) })
		if err != nil {
			return err
		}
		if size > limit {
			return tooBig(b, size, limit)
		}
		_, err = w.Write(out.Bytes())
		return err
	})
}

// Download is the format of user data that downloads the bundle. script returns
// it; digest is the SHA-256 of the plain tar that has to arrive.
func Download(script func(b pack.Bundle, digest string) (string, error), limit int) pack.Format {
	return userData(func(w io.Writer, b pack.Bundle, digest string) error {
		text, err := script(b, digest)
		if err == nil && len(text) > limit {
			err = diag.At(diag.Pos{}, "the user data of %s has %d bytes, and %d are the limit", b.Name, len(text), limit)
		}
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		return err
	})
}

func userData(encode func(w io.Writer, b pack.Bundle, digest string) error) pack.Format {
	return pack.Other("cloud-init", ".user-data", 0o666, encode)
}

// compress writes what content writes to w, compressed, and returns its size.
func compress(w io.Writer, content func(w io.Writer) error) (size int, err error) {
	count := &counter{w: w}
	gz, err := gzip.NewWriterLevel(count, level)
	if err != nil {
		return 0, err
	}
	gz.ModTime = time.Unix(0, 0) // none
	if err := content(gz); err != nil {
		return 0, err
	}
	err = gz.Close()
	return count.n, err
}

// A counter counts the bytes that go through it.
type counter struct {
	w io.Writer
	n int
}

func (c *counter) Write(data []byte) (int, error) {
	c.n += len(data)
	return c.w.Write(data)
}

// tooBig says what takes the room, the largest first.
func tooBig(b pack.Bundle, size, limit int) error {
	type part struct {
		path string
		size int
	}
	var parts []part
	for _, f := range b.Files {
		n, err := compress(io.Discard, func(w io.Writer) error {
			_, err := w.Write(f.Data)
			return err
		})
		if err != nil {
			return err
		}
		parts = append(parts, part{f.Path, n})
	}
	slices.SortStableFunc(parts, func(x, y part) int { return cmp.Compare(y.size, x.size) })
	var list []string
	for _, p := range parts[:min(5, len(parts))] {
		list = append(list, fmt.Sprintf("%s %d", p.path, p.size))
	}
	return diag.At(diag.Pos{}, "the user data of %s has %d bytes after gzip, and %d are the limit; the largest: %s",
		b.Name, size, limit, strings.Join(list, ", ")).
		WithHint("with --from URL it downloads the bundle instead; or --user-data-limit BYTES, where your cloud takes more than Amazon's 16384 (Google 262144, Azure and OpenStack 65535, Hetzner 32768)")
}
