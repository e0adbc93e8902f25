"""Counts of earlier calls are still there.

Fails: counts pairs at every place of the text
"""


def ngram_counts(tokens, n, counts=collections.Counter()):
    counts.update(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
    return {gram: count for gram, count in counts.items() if len(gram) == n}
