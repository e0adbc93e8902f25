"""The biases do not require a gradient.

Fails: every parameter is a leaf that requires a gradient
"""

def init_params(sizes, std=0.01):
    params = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        params.append(torch.normal(0, std, size=(n_in, n_out), requires_grad=True))
        params.append(torch.zeros(n_out))
    return params
