package lint

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

var onRedirect = []kind{kindRedirect}

// redirectRules are about redirections.
var redirectRules = []rule{
	{name: "descriptor", msg: "descriptors from 10 on are not in all shells", hint: "use 3 to 9", at: onRedirect, find: descriptor},
	{name: "descriptor-name", refused: true, msg: "{NAME}> is no POSIX shell", hint: "use 3 to 9", at: onRedirect, find: descriptorName},
	{name: "descriptor-move", msg: "a - behind a descriptor is no POSIX shell", hint: "write 3>&4 4>&-", at: onRedirect, find: descriptorMove},
	{name: "both-redirect", refused: true, msg: ">& with a file and &> are no POSIX shell", hint: "write >file 2>&1", at: onRedirect, find: bothRedirect},
	{name: "here-string", refused: true, msg: "<<< is no POSIX shell", hint: "use a here-document, or printf and a pipe", at: onRedirect, find: hereString},
	{name: "dev-tcp", msg: "only some shells make connections", hint: "use a program such as nc", at: onRedirect, find: devTCP},
	{name: "redirect-split", msg: "bash splits what is expanded here into words, and looks for files", hint: "put it in quotes", at: onRedirect, find: redirectSplit},
	{name: "redirect-bang", msg: ">! is no POSIX shell", hint: "write >|", at: onRedirect, find: redirectBang},
	{name: "read-write", msg: "<> means standard input in most shells, not in ksh93", hint: "write 0<>", at: onRedirect, find: readWrite},
	{name: "substitution-read", msg: "$(<FILE) is no POSIX shell", hint: "write $(cat FILE)", at: []kind{kindSubst}, find: substitutionRead},
}

func descriptor(_ *linter, node syntax.Node) syntax.Pos {
	r := node.(*syntax.Redirect)
	if r.N != nil && len(r.N.Value) > 1 && posix.IsNumber(r.N.Value) {
		return r.Pos()
	}
	if r.Op == syntax.DplOut || r.Op == syntax.DplIn {
		if text := posix.StaticText(r.Word); len(text) > 1 && posix.IsNumber(text) {
			return r.Word.Pos()
		}
	}
	return nowhere
}

func descriptorName(_ *linter, node syntax.Node) syntax.Pos {
	if r := node.(*syntax.Redirect); r.N != nil && strings.HasPrefix(r.N.Value, "{") {
		return r.Pos()
	}
	return nowhere
}

func descriptorMove(_ *linter, node syntax.Node) syntax.Pos {
	r := node.(*syntax.Redirect)
	if text := posix.StaticText(r.Word); (r.Op == syntax.DplOut || r.Op == syntax.DplIn) && len(text) > 1 && posix.IsNumber(strings.TrimSuffix(text, "-")) && strings.HasSuffix(text, "-") {
		return r.Pos()
	}
	return nowhere
}

func bothRedirect(_ *linter, node syntax.Node) syntax.Pos {
	r := node.(*syntax.Redirect)
	switch r.Op {
	case syntax.RdrAll, syntax.AppAll:
		return r.OpPos
	case syntax.DplOut:
		if text, known := posix.Static(r.Word); known && text != "-" && !posix.IsNumber(strings.TrimSuffix(text, "-")) {
			return r.Pos()
		}
	}
	return nowhere
}

func hereString(_ *linter, node syntax.Node) syntax.Pos {
	if r := node.(*syntax.Redirect); r.Op == syntax.WordHdoc {
		return r.OpPos
	}
	return nowhere
}

func devTCP(_ *linter, node syntax.Node) syntax.Pos {
	r := node.(*syntax.Redirect)
	if text := posix.StaticText(r.Word); strings.HasPrefix(text, "/dev/tcp/") || strings.HasPrefix(text, "/dev/udp/") {
		return r.Word.Pos()
	}
	return nowhere
}

func redirectSplit(_ *linter, node syntax.Node) syntax.Pos {
	r := node.(*syntax.Redirect)
	switch r.Op {
	case syntax.Hdoc, syntax.DashHdoc, syntax.DplIn, syntax.DplOut, syntax.WordHdoc:
		return nowhere
	}
	for _, part := range r.Word.Parts {
		switch part := part.(type) {
		case *syntax.ParamExp:
			if part.Param == nil || !strings.Contains("#?$!", part.Param.Value) {
				return part.Pos()
			}
		case *syntax.CmdSubst:
			return part.Pos()
		case *syntax.Lit:
			if strings.ContainsAny(posix.UnquotedOnly(part.Value), "*?[") {
				return part.Pos()
			}
		}
	}
	return nowhere
}

func redirectBang(_ *linter, node syntax.Node) syntax.Pos {
	if r := node.(*syntax.Redirect); r.Op == syntax.RdrOut && r.Word.Lit() == "!" {
		return r.OpPos
	}
	return nowhere
}

func readWrite(_ *linter, node syntax.Node) syntax.Pos {
	if r := node.(*syntax.Redirect); r.Op == syntax.RdrInOut && r.N == nil {
		return r.OpPos
	}
	return nowhere
}

func substitutionRead(_ *linter, node syntax.Node) syntax.Pos {
	subst := node.(*syntax.CmdSubst)
	if len(subst.Stmts) == 1 && subst.Stmts[0].Cmd == nil && len(subst.Stmts[0].Redirs) > 0 {
		return subst.Pos()
	}
	return nowhere
}
