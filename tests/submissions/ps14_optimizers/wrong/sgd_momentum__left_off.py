"""Autograd stays off.

Fails: writes in place, into the memory that parameters and states have
Says: autograd is switched off
"""


def sgd_momentum(params, states, hyperparams):
    torch.set_grad_enabled(False)
    for p, v in zip(params, states):
        v.mul_(hyperparams["momentum"]).add_(p.grad)
        p.sub_(hyperparams["lr"] * v)
        p.grad.zero_()
