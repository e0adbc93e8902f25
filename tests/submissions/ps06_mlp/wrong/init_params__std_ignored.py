"""The deviation is always 0.01.

Fails: weights are normal, with mean 0 and the deviation asked for
Says: std was ignored
"""

def init_params(sizes, std=0.01):
    params = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        params.append(torch.normal(0, 0.01, size=(n_in, n_out), requires_grad=True))
        params.append(torch.zeros(n_out, requires_grad=True))
    return params
