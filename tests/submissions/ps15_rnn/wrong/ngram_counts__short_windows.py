"""Windows at the end are shorter.

Fails: *
"""


def ngram_counts(tokens, n):
    return collections.Counter(tuple(tokens[i : i + n]) for i in range(len(tokens)))
