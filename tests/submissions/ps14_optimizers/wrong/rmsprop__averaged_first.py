"""The gradient is averaged, then squared.

Fails: each number is divided by the root of the leaky average of its squares
Says: averaged and then squared
"""


@torch.no_grad()
def rmsprop(params, states, hyperparams):
    g_, e = hyperparams["gamma"], hyperparams["eps"]
    for p, s in zip(params, states):
        s[:] = g_ * s + (1 - g_) * p.grad
        p -= hyperparams["lr"] * p.grad / torch.sqrt(s**2 + e)
        p.grad = None
