"""The last window is missing.

Fails: *
Says: the last window is missing
"""


def ngram_counts(tokens, n):
    return collections.Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n))
