"""The sizes of the example, whatever is asked for.

Fails: gives W (in, out) and b (out,) for each layer, in order
Fails: weights are normal, with mean 0 and the deviation asked for
Fails: every weight is drawn anew
"""

def init_params(sizes, std=0.01):
    params = []
    for n_in, n_out in [(64, 128), (128, 10)]:
        params += [torch.normal(0, 0.01, size=(n_in, n_out), requires_grad=True), torch.zeros(n_out, requires_grad=True)]
    return params
