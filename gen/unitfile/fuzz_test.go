package unitfile_test

import (
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/importer/importertest"
	"palletgen/gen/systemd"
	"palletgen/gen/unitfile"
)

// many is a unit that says a lot.
const many = `[Unit]
Description=x
After=network.target b.service a@1.service
Before=b.service shutdown.target
Requires=b.service
ConditionPathExists=/x
StartLimitIntervalSec=1min 30s
StartLimitBurst=3
[Service]
Type=notify
User=a
EnvironmentFile=-/etc/x
Environment=A=b "C=d e"
ExecStartPre=-/bin/x ; +/bin/y $A
ExecStart=@/bin/z z ${A} $C %i %H
ExecReload=/bin/kill -HUP $MAINPID
ExecStop=/bin/kill -s QUIT $MAINPID
ExecStopPost=/bin/x
LimitNOFILE=1:infinity
LimitCORE=1000
LimitSTACK=1001
TimeoutSec=1h 2.5min
Restart=on-abnormal
RestartSec=100ms
KillMode=mixed
KillSignal=SIGRTMIN+3
RuntimeDirectory=a b/c
ProtectSystem=true
ReadWritePaths=-/a /b
SystemCallFilter=~@clock @x:EPERM
CapabilityBoundingSet=CAP_X ~CAP_Y
AmbientCapabilities=CAP_X
MemoryMax=10%
CPUQuota=150%
DynamicUser=yes
StandardOutput=append:/var/log/x
NoSuch=1
[Install]
WantedBy=multi-user.target
Alias=x.service
`

// FuzzImport: what is made of any two units can be built, or is refused; every
// setting is named there.
func FuzzImport(f *testing.F) {
	f.Add(many, "[Unit]\nAfter=a@1.service\n[Service]\nExecStart=/bin/b $X\n", "X='a b'\n", byte(0))
	for _, text := range units {
		f.Add(text, "[Service]\nExecStart=b", variables, byte(1))
	}
	supervisors := []string{"runit", "systemd", "nohup", "daemontools", "upstart", "launchd", "s6", "openrc"}
	f.Fuzz(func(t *testing.T, a, b, env string, which byte) {
		sup := supervisors[int(which)%len(supervisors)]
		possible, err := importertest.Possible(sup)
		if err != nil {
			t.Fatal(err)
		}
		files := []unitfile.File{
			{Name: "a@1.service", Sources: []*diag.Source{{Name: "a@.service", Text: a}}},
			{Name: "b.service", Sources: []*diag.Source{{Name: "b.service", Text: b}}},
		}
		g, err := unitfile.Import(files, unitfile.Options{Group: "g", Supervisor: sup, Possible: possible, Files: []*diag.Source{{Name: "x", Text: env}}})
		if err != nil {
			return
		}
		yaml := g.YAML()
		if err := importertest.Build(yaml); err != nil {
			t.Fatalf("%v\n%s", err, yaml)
		}
		for _, file := range files {
			settings, ignored := systemd.Read(file.Sources[0])
			var places []diag.Pos
			for _, s := range settings {
				places = append(places, s.Pos)
			}
			for _, e := range ignored {
				places = append(places, e.Pos)
			}
			for _, at := range places {
				if !g.Told(at) {
					t.Fatalf("nothing is said of %v\n%s", at, yaml)
				}
			}
		}
	})
}
