"""randn times std, and requires_grad_() last."""

def init_params(sizes, std=0.01):
    out = []
    for i in range(1, len(sizes)):
        W = torch.randn(sizes[i - 1], sizes[i]) * std
        b = torch.zeros(sizes[i])
        out += [W.requires_grad_(), b.requires_grad_()]
    return out
