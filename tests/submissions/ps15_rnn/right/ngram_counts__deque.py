"""A window that moves on."""


def ngram_counts(tokens, n):
    window, counts = collections.deque(maxlen=n), collections.defaultdict(int)
    for token in tokens:
        window.append(token)
        if len(window) == n:
            counts[tuple(window)] += 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))
