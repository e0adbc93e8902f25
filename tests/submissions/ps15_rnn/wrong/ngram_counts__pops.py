"""Takes tokens off the list.

Fails: leaves its list unchanged, and gives the same at a later call
"""


def ngram_counts(tokens, n):
    counts = collections.Counter()
    while len(tokens) >= n:
        counts[tuple(tokens[:n])] += 1
        tokens.pop(0)
    return counts
