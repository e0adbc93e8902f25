"""Counts with index_put_."""


def laplace_bigram(corpus, vocab_size, eps1, eps2):
    unigram = torch.full((vocab_size,), eps1 / vocab_size)
    unigram.index_add_(0, corpus, torch.ones(len(corpus)))
    unigram /= len(corpus) + eps1
    bigram = (eps2 * unigram).repeat(vocab_size, 1)
    bigram.index_put_((corpus[:-1], corpus[1:]), torch.ones(len(corpus) - 1), accumulate=True)
    return unigram, bigram / bigram.sum(dim=1, keepdim=True)
