"""n(x) below the line, as in the book: the row of the last token does not add up to one.

Fails: every row adds up to one
Says: n(x) stands below the line, as in the book
"""


def laplace_bigram(corpus, vocab_size, eps1, eps2):
    counts = torch.bincount(corpus, minlength=vocab_size)
    unigram = (counts + eps1 / vocab_size) / (len(corpus) + eps1)
    pairs = torch.bincount(corpus[:-1] * vocab_size + corpus[1:], minlength=vocab_size**2).reshape(vocab_size, vocab_size)
    bigram = (pairs + eps2 * unigram) / (counts[:, None] + eps2)
    return unigram, bigram
