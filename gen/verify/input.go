package verify

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/klauspost/compress/gzip"
)

// read reads a bundle that is one file, and finds out of which format by what
// it begins with.
func (c *checker) read(in io.Reader) {
	input := &meter{r: in, left: maxInput, what: "the file"}
	r := bufio.NewReaderSize(input, 1<<16)
	start, _ := r.Peek(2)
	if !bytes.Equal(start, []byte{0x1f, 0x8b}) {
		c.unpacked(r)
		return
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		c.damaged(err)
		return
	}
	z.Multistream(false)
	plain := &meter{r: z, left: maxUnpacked, what: "what is compressed in the file"}
	c.unpacked(bufio.NewReaderSize(plain, 1<<16))
	if c.stop {
		return
	}
	if n, _ := io.Copy(io.Discard, r); n > 0 {
		c.bad("%d bytes stand behind the end of the compressed file", n)
	}
}

// unpacked reads a plain tar or a script.
func (c *checker) unpacked(r *bufio.Reader) {
	const mark, at = "ustar", 257 // of a tar
	start, err := r.Peek(at + len(mark))
	switch {
	case len(start) == at+len(mark) && string(start[at:]) == mark:
		c.readTar(r)
	case bytes.HasPrefix(start, []byte("#!")):
		c.readScript(r)
	case err != nil && !errors.Is(err, io.EOF):
		c.damaged(err)
	case len(start) == 0:
		c.fatal("it is empty").WithHint(copyAgain)
	default:
		c.fatal("it is no bundle: neither a tar, nor a compressed one, nor a script").WithHint("name what palletgen build has written")
	}
}

const copyAgain = "copy it again from where it was built"

// damaged tells of a file that cannot be read to its end.
func (c *checker) damaged(err error) {
	var full *fullError
	switch {
	case errors.As(err, &full):
		c.fatal("%v", full)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		c.fatal("it is cut off").WithHint(copyAgain)
	default:
		c.fatal("it is damaged: %s", reason(err)).WithHint(copyAgain)
	}
}

// reason is the error without the path, which stands before it already.
func reason(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err.Error()
	}
	return err.Error()
}

// A meter is a reader that ends with an error once too much is read.
type meter struct {
	r    io.Reader
	left int64
	what string
}

type fullError struct{ what string }

func (e *fullError) Error() string {
	return fmt.Sprintf("%s has more than a bundle can: %d MiB at most", e.what, maxUnpacked>>20)
}

func (m *meter) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, &fullError{m.what}
	}
	if int64(len(p)) > m.left {
		p = p[:m.left]
	}
	n, err := m.r.Read(p)
	m.left -= int64(n)
	return n, err
}
