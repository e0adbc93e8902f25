"""Strips the lines before it cuts them into characters.

Fails: as characters it gives every one of them, spaces included
Says: stripped
"""


def tokenize(lines, token="word"):
    if token == "word":
        return [line.split() for line in lines]
    if token == "char":
        return [list(line.strip()) for line in lines]
    raise ValueError(f"unknown kind of token: {token!r}")
