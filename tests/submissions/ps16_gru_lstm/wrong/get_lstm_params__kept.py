"""Made once for each size, and handed out again.

Fails: every call makes new tensors and draws new numbers, and leaves the program as it was
Says: are the same tensor, or share their memory
"""

import functools


@functools.cache
def get_lstm_params(vocab_size, num_hiddens, device):
    shapes = [(vocab_size, num_hiddens), (num_hiddens, num_hiddens), (num_hiddens,)] * 4 + [(num_hiddens, vocab_size), (vocab_size,)]
    return [(0.01 * torch.randn(s, device=device) if len(s) == 2 else torch.zeros(s, device=device)).requires_grad_() for s in shapes]
