"""The kind of token has no default value.

Fails: words are the default
"""


def tokenize(lines, token):
    if token == "word":
        return [line.split() for line in lines]
    if token == "char":
        return [list(line) for line in lines]
    raise ValueError(f"unknown kind of token: {token!r}")
