package software

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path"
	"strings"
	"testing"

	"palletgen/gen/lab"
)

// riemannVariable names the file with riemann's own archive of the version that the crate installs by default. It is too
// large to be downloaded for each test.
const riemannVariable = "PALLETGEN_RIEMANN"

// loopbackURL is where a web server on the machine's loopback has the archive.
const loopbackURL = "http://127.0.0.1:8089/"

// TestRiemann runs riemann on a real Java; or, where its archive is not at hand, a stand-in that takes the same
// configuration and has an archive that is laid out in the same way, in real Clojure.
func TestRiemann(t *testing.T) {
	if file := os.Getenv(riemannVariable); file != "" {
		archive, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		live(t, riemann("riemann-0.3.12.tar.bz2", archive)) // with the checksum that the crate has
		return
	}
	archive := standIn(t)
	s := riemann("riemann-0.3.12.tar.gz", archive)
	s.settings = append(s.settings, fmt.Sprintf("sha256: %x", sha256.Sum256(archive)))
	s.changed = append(s.changed, s.settings[len(s.settings)-1])
	live(t, s)
}

// riemann is the crate with an archive on loopback, and with the crate java.
func riemann(name string, archive []byte) software {
	settings := []string{"dist_url: " + loopbackURL + name, "ready_port: 5555", "environment: {EXTRA_JAVA_OPTS: -Xmx256m}", "listen_host: 127.0.0.1"}
	return software{
		crate:    "riemann",
		process:  "java",
		under:    []string{"runit", "systemd"},
		extends:  []string{"java"},
		packages: []string{"openjdk-17-jre-headless", "bzip2", "libclojure-java"},
		purge:    []string{"openjdk-17-jre-headless"}, // the crate java is to bring it
		settings: settings,
		changed:  append(settings[:len(settings):len(settings)], "ws_port: 5566"),
		reloads:  true,
		prepare: func(h *host) {
			h.WriteFile("/srv/www/"+name, string(archive), 0o644)
			h.Start(lab.Need(h.t, "python3"), "-m", "http.server", "--bind", "127.0.0.1", "--directory", "/srv/www", "8089")
			// For the stand-in.
			h.sh("apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install libclojure-java")
		},
		asks: asksRiemann,
	}
}

// asksRiemann sends events over TCP and UDP.
func asksRiemann(h *host, changed bool) {
	h.t.Helper()
	ws, log := "5556", "/var/log/riemann/riemann.log"
	if changed {
		ws = "5566"
		h.until("the log of the reload", func() bool { return strings.Contains(h.ReadFile(log), "Caught SIGHUP, reloading") })
	}
	h.until("the websocket server", func() bool { return h.Run("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/"+ws).Code == 0 })
	message := event("a test")
	framed := append(binary.BigEndian.AppendUint32(nil, uint32(len(message))), message...)
	// The answer is a message, too, that says ok.
	h.answers("\x00\x00\x00\x02\x10\x01", "bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/5555 && printf "$1" >&3 && head -c 6 <&3`, "bash", octal(framed))
	h.sh(`bash -c 'printf "$1" >/dev/udp/127.0.0.1/5555' bash "$1"`, octal(message))
}

// event is a message with one event, in protobuf.
func event(service string) []byte {
	field := func(number int, data string) string {
		return string([]byte{byte(number<<3 | 2), byte(len(data))}) + data
	}
	return []byte(field(6, field(2, "ok")+field(3, service)+field(4, "lab")))
}

// octal writes bytes as printf takes them.
func octal(data []byte) string {
	var b strings.Builder
	for _, c := range data {
		fmt.Fprintf(&b, `\%03o`, c)
	}
	return b.String()
}

// standIn makes an archive that is laid out like riemann's.
func standIn(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	archive := tar.NewWriter(zip)
	for _, file := range []string{"bin/riemann", "lib/riemann.clj"} {
		data, err := os.ReadFile("testdata/" + path.Base(file))
		if err != nil {
			t.Fatal(err)
		}
		header := &tar.Header{Name: "riemann-0.3.12/" + file, Mode: 0o755, Size: int64(len(data))}
		if err := archive.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
