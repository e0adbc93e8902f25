"""Counts in Python loops."""


def laplace_bigram(corpus, vocab_size, eps1, eps2):
    m, words = vocab_size, corpus.tolist()
    unigram = torch.tensor([(words.count(x) + eps1 / m) / (len(words) + eps1) for x in range(m)])
    bigram = torch.zeros(m, m)
    for x in range(m):
        followers = [b for a, b in zip(words, words[1:]) if a == x]
        for y in range(m):
            bigram[x, y] = (followers.count(y) + eps2 * unigram[y]) / (len(followers) + eps2)
    return unigram, bigram
