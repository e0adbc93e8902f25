"""First all weights, then all biases.

Fails: gives W (in, out) and b (out,) for each layer, in order
Fails: weights are normal, with mean 0 and the deviation asked for
Fails: biases are 0
Fails: every weight is drawn anew
"""

def init_params(sizes, std=0.01):
    pairs = list(zip(sizes[:-1], sizes[1:]))
    weights = [torch.normal(0, std, size=pair, requires_grad=True) for pair in pairs]
    return weights + [torch.zeros(n_out, requires_grad=True) for _, n_out in pairs]
