"""By shifted copies of the list."""


def ngram_counts(tokens, n):
    return collections.Counter(zip(*(tokens[i:] for i in range(n))))
