"""Always pairs.

Fails: counts n-grams of any length
"""


def ngram_counts(tokens, n):
    return collections.Counter(zip(tokens[:-1], tokens[1:]))
