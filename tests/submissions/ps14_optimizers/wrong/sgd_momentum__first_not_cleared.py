"""The gradient of the first parameter is left.

Fails: clears the gradients of all parameters
Says: gradient is not cleared
"""


def sgd_momentum(params, states, hyperparams):
    with torch.no_grad():
        for p, v in zip(params, states):
            v *= hyperparams["momentum"]
            v += p.grad
            p -= hyperparams["lr"] * v
        for p in params[1:]:
            p.grad.zero_()
