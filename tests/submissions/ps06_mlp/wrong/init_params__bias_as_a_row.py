"""Biases of shape (1, out). (001)

Fails: gives W (in, out) and b (out,) for each layer, in order
"""

def init_params(sizes, std=0.01):
    params = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        params.append(torch.normal(0, std, size=(n_in, n_out), requires_grad=True))
        params.append(torch.zeros(1, n_out, requires_grad=True))
    return params
