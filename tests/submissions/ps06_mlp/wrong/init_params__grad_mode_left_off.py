"""Fills the weights with autograd switched off, and does not switch it on again.

Fails: leaves the program as it was
Says: autograd is switched off
"""

def init_params(sizes, std=0.01):
    torch.set_grad_enabled(False)
    params = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        W = torch.empty(n_in, n_out, requires_grad=True)
        W.normal_(0, std)
        params += [W, torch.zeros(n_out, requires_grad=True)]
    return params
