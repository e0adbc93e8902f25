"""Keys are strings.

Fails: counts pairs at every place of the text
"""


def ngram_counts(tokens, n):
    return collections.Counter(" ".join(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
