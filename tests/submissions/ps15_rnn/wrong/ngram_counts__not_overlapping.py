"""Windows do not overlap.

Fails: counts pairs at every place of the text
Says: the windows do not overlap
"""


def ngram_counts(tokens, n):
    return collections.Counter(tuple(tokens[i : i + n]) for i in range(0, len(tokens) - n + 1, n))
