"""Sets the seed, so that all networks start from the same numbers.

Fails: every call makes new tensors and draws new numbers, and leaves the program as it was
Says: hold the same numbers
"""


def get_gru_params(vocab_size, num_hiddens, device):
    shapes = [(vocab_size, num_hiddens), (num_hiddens, num_hiddens), (num_hiddens,)] * 3 + [(num_hiddens, vocab_size), (vocab_size,)]
    torch.manual_seed(0)
    return [(0.01 * torch.randn(s, device=device) if len(s) == 2 else torch.zeros(s, device=device)).requires_grad_() for s in shapes]
