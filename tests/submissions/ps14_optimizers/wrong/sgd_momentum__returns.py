"""Returns the parameters.

Fails: hyperparams stays as it is, and nothing is returned
Says: it should return nothing
"""


def sgd_momentum(params, states, hyperparams):
    with torch.no_grad():
        for p, v in zip(params, states):
            v *= hyperparams["momentum"]
            v += p.grad
            p -= hyperparams["lr"] * v
            p.grad.zero_()
    return params
