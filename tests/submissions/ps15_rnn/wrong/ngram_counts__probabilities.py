"""Returns shares.

Fails: counts pairs at every place of the text
"""


def ngram_counts(tokens, n):
    counts = collections.Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
    return {gram: count / max(1, sum(counts.values())) for gram, count in counts.items()}
