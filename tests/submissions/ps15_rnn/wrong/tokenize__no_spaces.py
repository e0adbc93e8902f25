"""Leaves spaces out of the characters.

Fails: as characters it gives every one of them, spaces included
"""


def tokenize(lines, token="word"):
    if token == "word":
        return [line.split() for line in lines]
    if token == "char":
        return [list(line.replace(' ', '')) for line in lines]
    raise ValueError(f"unknown kind of token: {token!r}")
