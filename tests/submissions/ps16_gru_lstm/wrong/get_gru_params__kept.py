"""Made once for each size, and handed out again.

Fails: every call makes new tensors and draws new numbers, and leaves the program as it was
Says: are the same tensor, or share their memory
"""

MADE = {}


def get_gru_params(vocab_size, num_hiddens, device):
    shapes = [(vocab_size, num_hiddens), (num_hiddens, num_hiddens), (num_hiddens,)] * 3 + [(num_hiddens, vocab_size), (vocab_size,)]
    key = (vocab_size, num_hiddens, str(device))
    if key not in MADE:
        MADE[key] = [(0.01 * torch.randn(s, device=device) if len(s) == 2 else torch.zeros(s, device=device)).requires_grad_() for s in shapes]
    return MADE[key]
