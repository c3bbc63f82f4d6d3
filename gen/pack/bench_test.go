package pack

import (
	"fmt"
	"io"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// typical is a bundle of the size that one service makes: some 20 files, of
// 25 KB together, that differ from bundle to bundle in their names only.
func typical(i int) (Bundle, error) {
	b := Bundle{Name: fmt.Sprintf("group-%05d", i)}
	for j := range 20 {
		var text []byte
		for k := range 30 {
			text = fmt.Appendf(text, "put_%d root/etc/sv/%s/run /etc/sv/run %d\n", k*j, b.Name, k*k)
		}
		b.Files = append(b.Files, File{fmt.Sprintf("phases/phase-%02d.sh", j), 0o755, text})
	}
	return b, nil
}

// BenchmarkFloor packs 1,000 finished bundles: the least that a build of as
// many services can take.
func BenchmarkFloor(b *testing.B) {
	bundles := make([]Bundle, 1000)
	for i := range bundles {
		bundles[i], _ = typical(i)
	}
	made := func(i int) (Bundle, error) { return bundles[i], nil }
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(b.Context(), b.TempDir(), len(bundles), made, Options{}, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLevels compresses one bundle at every level.
func BenchmarkLevels(b *testing.B) {
	bundle, _ := typical(1)
	members := entries(bundle)
	for level := gzip.BestSpeed; level <= gzip.BestCompression; level++ {
		b.Run(fmt.Sprint(level), func(b *testing.B) {
			a := newArchiver(Default)
			a.gzip, _ = gzip.NewWriterLevel(io.Discard, level)
			size := 0
			for b.Loop() {
				var w counter
				if err := a.compress(&w, members); err != nil {
					b.Fatal(err)
				}
				size = int(w)
			}
			b.ReportMetric(float64(size), "archive-bytes")
		})
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }
