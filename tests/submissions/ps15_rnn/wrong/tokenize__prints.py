"""Prints for an unknown kind, as in the book.

Fails: any other kind of token raises a ValueError
Says: a ValueError was expected
"""


def tokenize(lines, token="word"):
    if token == "word":
        return [line.split() for line in lines]
    if token == "char":
        return [list(line) for line in lines]
    print("unknown kind of token: " + token)
