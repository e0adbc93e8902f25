"""The gradients are not cleared.

Fails: clears the gradients of all parameters
Says: gradient is not cleared
"""


def sgd_momentum(params, states, hyperparams):
    with torch.no_grad():
        for p, v in zip(params, states):
            v *= hyperparams["momentum"]
            v += p.grad
            p -= hyperparams["lr"] * v
