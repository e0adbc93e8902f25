"""Counts the steps in hyperparams, as Adam does.

Fails: hyperparams stays as it is, and nothing is returned
Says: changes hyperparams
"""


def sgd_momentum(params, states, hyperparams):
    with torch.no_grad():
        for p, v in zip(params, states):
            v *= hyperparams["momentum"]
            v += p.grad
            p -= hyperparams["lr"] * v
            p.grad.zero_()
    hyperparams["t"] = hyperparams.get("t", 0) + 1
