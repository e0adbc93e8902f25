"""Keys for n = 1 are plain strings.

Fails: for n = 1 the keys are tuples with one entry
"""


def ngram_counts(tokens, n):
    if n == 1:
        return collections.Counter(tokens)
    return collections.Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
