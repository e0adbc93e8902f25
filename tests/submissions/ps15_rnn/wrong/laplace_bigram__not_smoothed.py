"""Nothing is smoothed.

Fails: P̂(x) adds ε₁/m to every count
"""


def laplace_bigram(corpus, vocab_size, eps1, eps2):
    counts = torch.bincount(corpus, minlength=vocab_size)
    pairs = torch.bincount(corpus[:-1] * vocab_size + corpus[1:], minlength=vocab_size**2).reshape(vocab_size, vocab_size)
    return counts / len(corpus), pairs / pairs.sum(dim=1, keepdim=True).clamp(min=1)
