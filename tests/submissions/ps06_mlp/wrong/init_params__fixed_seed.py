"""A fixed seed: every call gives the same weights.

Fails: every weight is drawn anew
"""

def init_params(sizes, std=0.01):
    torch.manual_seed(0)
    params = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        params.append(torch.normal(0, std, size=(n_in, n_out), requires_grad=True))
        params.append(torch.zeros(n_out, requires_grad=True))
    return params
