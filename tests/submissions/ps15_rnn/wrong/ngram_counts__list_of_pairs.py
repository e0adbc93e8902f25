"""Returns a list.

Fails: *
"""


def ngram_counts(tokens, n):
    return collections.Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)).most_common()
