"""Fewer than n tokens are an error.

Fails: fewer than n tokens give an empty dict
"""


def ngram_counts(tokens, n):
    if len(tokens) < n:
        raise ValueError("too few tokens")
    return collections.Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
