"""The order in an n-gram does not count.

Fails: counts pairs at every place of the text
"""


def ngram_counts(tokens, n):
    return collections.Counter(tuple(sorted(tokens[i : i + n])) for i in range(len(tokens) - n + 1))
