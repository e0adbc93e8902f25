"""Switches autograd off for good.

Fails: every call makes new tensors and draws new numbers, and leaves the program as it was
Says: autograd is switched off
"""


def get_gru_params(vocab_size, num_hiddens, device):
    shapes = [(vocab_size, num_hiddens), (num_hiddens, num_hiddens), (num_hiddens,)] * 3 + [(num_hiddens, vocab_size), (vocab_size,)]
    torch.set_grad_enabled(False)
    return [(0.01 * torch.randn(s, device=device) if len(s) == 2 else torch.zeros(s, device=device)).requires_grad_() for s in shapes]
