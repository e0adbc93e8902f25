"""p.data gets new memory.

Fails: writes in place, into the memory that parameters and states have
Says: the memory that the parameters had before
"""


def sgd_momentum(params, states, hyperparams):
    with torch.no_grad():
        for p, v in zip(params, states):
            v *= hyperparams["momentum"]
            v += p.grad
            p.data = p.data - hyperparams["lr"] * v
            p.grad.zero_()
