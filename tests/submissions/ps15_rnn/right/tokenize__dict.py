"""A table of functions."""


def tokenize(lines, token="word"):
    ways = {"word": str.split, "char": list}
    if token not in ways:
        raise ValueError(token)
    return list(map(ways[token], lines))
