"""Takes tokens off the list.

Fails: *
"""


def ngram_counts(tokens, n):
    counts = collections.Counter()
    while len(tokens) >= n:
        counts[tuple(tokens[:n])] += 1
        tokens.pop(0)
    return counts
