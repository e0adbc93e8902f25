"""Uniform with the deviation asked for.

Fails: weights are normal, with mean 0 and the deviation asked for
"""

def init_params(sizes, std=0.01):
    params = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        params.append(((2 * torch.rand(n_in, n_out) - 1) * std * 3**0.5).requires_grad_())
        params.append(torch.zeros(n_out, requires_grad=True))
    return params
