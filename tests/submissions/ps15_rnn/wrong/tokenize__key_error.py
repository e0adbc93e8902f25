"""Raises a KeyError.

Fails: *
"""


def tokenize(lines, token="word"):
    return [{"word": str.split, "char": list}[token](line) for line in lines]
