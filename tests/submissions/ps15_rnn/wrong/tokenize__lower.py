"""Makes everything lower case.

Fails: cuts each line into words, one list a line
Says: everything is made lower case
"""


def tokenize(lines, token="word"):
    if token == "word":
        return [line.lower().split() for line in lines]
    if token == "char":
        return [list(line.lower()) for line in lines]
    raise ValueError(f"unknown kind of token: {token!r}")
