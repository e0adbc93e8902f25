"""Characters are the default.

Fails: words are the default
"""


def tokenize(lines, token="char"):
    if token == "word":
        return [line.split() for line in lines]
    if token == "char":
        return [list(line) for line in lines]
    raise ValueError(f"unknown kind of token: {token!r}")
