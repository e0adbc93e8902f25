"""Always pairs.

Fails: *
"""


def ngram_counts(tokens, n):
    return collections.Counter(zip(tokens[:-1], tokens[1:]))
