"""The output layer starts as the transpose of W_xh.

Fails: each is a tensor of its own, drawn on its own
Says: W_xh and W_hq hold the same numbers
"""


def get_gru_params(vocab_size, num_hiddens, device):
    shapes = [(vocab_size, num_hiddens), (num_hiddens, num_hiddens), (num_hiddens,)] * 3 + [(num_hiddens, vocab_size), (vocab_size,)]
    params = [(0.01 * torch.randn(s, device=device) if len(s) == 2 else torch.zeros(s, device=device)).requires_grad_() for s in shapes]
    params[9] = params[6].detach().T.clone().requires_grad_()
    return params
