"""One list for all lines.

Fails: cuts each line into words, one list a line
Fails: as characters it gives every one of them, spaces included
Says: the words of all lines stand in one list
"""


def tokenize(lines, token="word"):
    if token == "word":
        return [word for line in lines for word in line.split()]
    if token == "char":
        return [c for line in lines for c in line]
    raise ValueError(f"unknown kind of token: {token!r}")
