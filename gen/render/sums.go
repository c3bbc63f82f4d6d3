package render

import (
	"crypto/sha256"
	"encoding/hex"

	"palletgen/gen/pack"
)

// sum returns the SHA-256 of data, in hexadecimal digits.
func sum(data []byte) string {
	digest := sha256.Sum256(data)
	return hex.EncodeToString(digest[:])
}

// sumFiles returns the sum of each file, by its path.
func sumFiles(files []pack.File) map[string]string {
	sums := make(map[string]string, len(files)+1)
	for _, f := range files {
		sums[f.Path] = sum(f.Data)
	}
	return sums
}

// sumsFile is what `sha256sum -c` reads.
func sumsFile(sums map[string]string) []byte {
	var text []byte
	for _, name := range sortedKeys(sums) {
		text = append(text, sums[name]+"  "+name+"\n"...)
	}
	return text
}
