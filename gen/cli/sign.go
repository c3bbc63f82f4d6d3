package cli

import (
	"context"

	"github.com/spf13/pflag"

	"palletgen/gen/pack"
	"palletgen/gen/sign"
	"palletgen/gen/verify"
)

func signFlag(flags *pflag.FlagSet, o *options) {
	flags.StringVar(&o.key, "sign", "", "sign each bundle with the OpenSSH key in `FILE`, or with the one in the agent whose public half it is")
}

// signWith has the bundles signed with the key in file; "" for none.
func (b *build) signWith(ctx context.Context, file string) (err error) {
	if file != "" {
		b.renderer.Signed = true
		b.signer, err = sign.NewSigner(ctx, file)
	}
	return err
}

// sign adds to bundle i the signature of its sums, which are those of all other
// files.
func (b *build) sign(i int, bundle pack.Bundle) (pack.Bundle, error) {
	if b.signer == nil {
		return bundle, nil
	}
	for _, f := range bundle.Files {
		if f.Path != verify.Sums {
			continue
		}
		signature, err := b.signer.Sign(f.Data)
		if err != nil {
			return pack.Bundle{}, err
		}
		bundle.Files = append(bundle.Files, pack.File{Path: verify.Signature, Mode: 0o644, Data: signature})
		if kind := sign.KeyType(signature); !sign.Repeats(kind) {
			b.bundles[i].warnings = append(b.bundles[i].warnings,
				"the signature of a key of the type "+kind+" is another each time, and so are the bytes and the digest of a bundle; one by ssh-ed25519 is not")
		}
		break
	}
	return bundle, nil
}
