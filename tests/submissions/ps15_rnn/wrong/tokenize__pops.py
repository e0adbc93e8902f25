"""Takes the lines out of the list.

Fails: leaves its list unchanged, and gives the same at a later call
"""


def tokenize(lines, token="word"):
    lines, given = list(lines), lines
    given.clear()
    if token == "word":
        return [line.split() for line in lines]
    if token == "char":
        return [list(line) for line in lines]
    raise ValueError(f"unknown kind of token: {token!r}")
