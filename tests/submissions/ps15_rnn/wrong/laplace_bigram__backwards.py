"""Counts pairs backwards.

Fails: P̂(x′ | x) adds ε₂ P̂(x′) to every count of a pair
"""


def laplace_bigram(corpus, vocab_size, eps1, eps2):
    counts = torch.bincount(corpus, minlength=vocab_size)
    unigram = (counts + eps1 / vocab_size) / (len(corpus) + eps1)
    pairs = torch.bincount(corpus[1:] * vocab_size + corpus[:-1], minlength=vocab_size**2).reshape(vocab_size, vocab_size)
    bigram = (pairs + eps2 * unigram) / (pairs.sum(dim=1, keepdim=True) + eps2)
    return unigram, bigram
