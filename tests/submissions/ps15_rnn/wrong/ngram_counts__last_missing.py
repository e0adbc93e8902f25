"""The last window is missing.

Fails: counts pairs at every place of the text
Says: the last window is missing
"""


def ngram_counts(tokens, n):
    return collections.Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n))
