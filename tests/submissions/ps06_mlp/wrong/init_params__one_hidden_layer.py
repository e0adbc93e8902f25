"""Always one hidden layer.

Fails: gives W (in, out) and b (out,) for each layer, in order
"""

def init_params(sizes, std=0.01):
    n_in, n_hidden, n_out = sizes[0], sizes[1], sizes[-1]
    W1 = torch.normal(0, std, size=(n_in, n_hidden), requires_grad=True)
    W2 = torch.normal(0, std, size=(n_hidden, n_out), requires_grad=True)
    return [W1, torch.zeros(n_hidden, requires_grad=True), W2, torch.zeros(n_out, requires_grad=True)]
