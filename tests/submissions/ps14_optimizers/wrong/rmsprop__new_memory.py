"""p.data gets new memory.

Fails: writes in place, into the memory that parameters and states have
Says: the memory that the parameters had before
"""


def rmsprop(params, states, hyperparams):
    with torch.no_grad():
        for p, s in zip(params, states):
            s[:] = hyperparams["gamma"] * s + (1 - hyperparams["gamma"]) * p.grad**2
            p.data = p.data - hyperparams["lr"] * p.grad / torch.sqrt(s + hyperparams["eps"])
            p.grad.zero_()
