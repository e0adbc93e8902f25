"""All blocks stacked, then block_diag."""


def relative_rotation(delta, num_hiddens):
    a = delta * 10000 ** (-torch.arange(0, num_hiddens, 2) / num_hiddens)
    return torch.block_diag(*torch.stack([a.cos(), a.sin(), -a.sin(), a.cos()], -1).reshape(-1, 2, 2))
