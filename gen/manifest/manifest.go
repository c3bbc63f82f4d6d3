// Package manifest describes manifest.json, the list of what a bundle was made of
// and what it holds: gen/render makes it, gen/verify checks it. It imports no other
// package of palletgen.
package manifest

import "encoding/json"

// Name is the path of the file in a bundle.
const Name = "manifest.json"

// A Manifest is the whole file. Its fields stand in this order.
type Manifest struct {
	Palletgen string    `json:"palletgen"` // version of the palletgen that has made the bundle
	Bundle    string    `json:"bundle"`    // name of the bundle, and of its folder
	Crates    []Crate   `json:"crates"`    // in the order in which they are installed
	Services  []Service `json:"services"`  // in the order in which they are started
	Phases    []Phase   `json:"phases"`    // the words that ./run takes
	Commands  Commands  `json:"commands"`  // what the scripts call
	Files     []File    `json:"files"`     // by path: all but this one, SHA256SUMS and SHA256SUMS.sig
}

// A Value is what a user set, or a default: any JSON. Commands are a list of words,
// or a text. Secrets are left out.
type Value = json.RawMessage

// A Crate is a crate that the group extends.
type Crate struct {
	Name     string `json:"name"`
	Instance string `json:"instance,omitempty"` // the instance_id of a second copy
	Settings Value  `json:"settings"`           // object: setting → value
}

// A Service is a service of one of the crates.
type Service struct {
	Name       string `json:"name"` // on the host
	Crate      string `json:"crate"`
	Supervisor string `json:"supervisor"`
	Options    Value  `json:"options"` // object: option of the supervisor → value
	Service    Value  `json:"service"` // object: field of templates/service.yaml → value
}

// A Phase is one word that ./run takes.
type Phase struct {
	Name    string `json:"name"`
	Script  string `json:"script"`            // phases/SCRIPT.sh
	Service string `json:"service,omitempty"` // the one service that it is for
}

// Commands are what each script of the bundle calls: in JSON one object, path of
// the script → needs, whose order counts.
type Commands []Script

// A Script is one script and what it calls.
type Script struct {
	Path  string // in the bundle
	Needs Needs
}

// Needs are names of commands, sorted.
type Needs struct {
	Required []string `json:"required"`           // the host has to have them
	Optional []string `json:"optional,omitempty"` // used where they are there
	Provided []string `json:"provided,omitempty"` // come with the supervisor
	Settings []string `json:"settings,omitempty"` // named by settings
}

// A File is a file of the bundle.
type File struct {
	Path   string `json:"path"`             // in the bundle
	Mode   string `json:"mode"`             // in the bundle: four octal digits
	SHA256 string `json:"sha256"`           // 64 hexadecimal digits
	Format string `json:"format,omitempty"` // whose grammar it keeps, of what was made from a template
	Put    *Put   `json:"put,omitempty"`    // of files below root/
}

// A Put is where and how a file lands on the host.
type Put struct {
	Path   string `json:"path"` // absolute
	Owner  string `json:"owner"`
	Group  string `json:"group"`
	Mode   string `json:"mode"`             // four octal digits
	Phase  string `json:"phase"`            // that puts it there
	Flag   string `json:"flag,omitempty"`   // set when the file is changed
	Verify Value  `json:"verify,omitempty"` // command that judges it first
	// Secrets are the names of those that the host puts into it; SHA256 is that of the file without them.
	Secrets []string `json:"secrets,omitempty"`
}
