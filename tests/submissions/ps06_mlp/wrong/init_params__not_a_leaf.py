"""randn(…, requires_grad=True) * std is no leaf.

Fails: every parameter is a leaf that requires a gradient
"""

def init_params(sizes, std=0.01):
    params = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        params.append(torch.randn(n_in, n_out, requires_grad=True) * std)
        params.append(torch.zeros(n_out, requires_grad=True))
    return params
