"""Returns a list.

Fails: counts pairs at every place of the text
"""


def ngram_counts(tokens, n):
    return collections.Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)).most_common()
