"""Windows at the end are shorter.

Fails: counts pairs at every place of the text
"""


def ngram_counts(tokens, n):
    return collections.Counter(tuple(tokens[i : i + n]) for i in range(len(tokens)))
