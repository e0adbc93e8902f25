"""Cuts at single spaces, so that there are empty tokens.

Fails: white space of any kind and length parts words; there are no empty tokens
Says: split(" ")
"""


def tokenize(lines, token="word"):
    if token == "word":
        return [line.split(" ") for line in lines]
    if token == "char":
        return [list(line) for line in lines]
    raise ValueError(f"unknown kind of token: {token!r}")
