"""Counts pairs by a product of one-hot matrices, in float64."""


def laplace_bigram(corpus, vocab_size, eps1, eps2):
    hot = torch.nn.functional.one_hot(corpus, vocab_size).double()
    unigram = (hot.sum(0) + eps1 / vocab_size) / (len(corpus) + eps1)
    pairs = hot[:-1].T @ hot[1:]
    below = hot[:-1].sum(0)[:, None] + eps2
    return unigram, (pairs + eps2 * unigram[None, :]) / below
