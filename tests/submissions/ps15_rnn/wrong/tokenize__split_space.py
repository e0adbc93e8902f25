"""Cuts at single spaces, so that there are empty tokens.

Fails: *
Says: split(" ")
"""


def tokenize(lines, token="word"):
    if token == "word":
        return [line.split(" ") for line in lines]
    if token == "char":
        return [list(line) for line in lines]
    raise ValueError(f"unknown kind of token: {token!r}")
