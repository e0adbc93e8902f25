"""The text is a ring.

Fails: counts pairs at every place of the text
"""


def ngram_counts(tokens, n):
    ring = tokens + tokens[: n - 1]
    return collections.Counter(tuple(ring[i : i + n]) for i in range(len(tokens)))
