"""A plain dict, counted by hand."""


def ngram_counts(tokens, n):
    counts = {}
    for i in range(max(0, len(tokens) - n + 1)):
        gram = tuple(tokens[i:i + n])
        counts[gram] = counts.get(gram, 0) + 1
    return counts
