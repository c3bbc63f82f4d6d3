package splicetest

// ReadJSON has Python take a JSON text apart, into the bytes of its names and
// texts in hex, in the order of the text: for Serve.
const ReadJSON = `
def texts(v):
    if isinstance(v, str):
        return [v.encode("utf-8").hex()]
    if isinstance(v, list):
        return [text for item in v for text in texts(item)]
    if isinstance(v, dict):
        return [text for name, value in v.items() for text in texts(name) + texts(value)]
    return [repr(v).encode().hex()]
def answer(question):
    return texts(json.loads(question.decode("utf-8")))
`

// OddJSON are texts that JSON writes in ways of its own, beside Awkward.
var OddJSON = []string{"\u2028\u2029", "\ufffd", `\ufffd`, `\\ufffd`, "\xed\xa0\x80", "\xff", "\x00\x1f\x7f", "\b\f", "<&>", "\U0010ffff", "😀", "\u0085", "\ufeff", "1.10", "null"}
