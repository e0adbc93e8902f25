"""Biases of 1.

Fails: biases are 0
"""

def init_params(sizes, std=0.01):
    params = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        params.append(torch.normal(0, std, size=(n_in, n_out), requires_grad=True))
        params.append(torch.ones(n_out, requires_grad=True))
    return params
