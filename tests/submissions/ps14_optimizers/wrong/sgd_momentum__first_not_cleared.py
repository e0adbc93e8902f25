"""The gradient of the first parameter is left.

Fails: clears the gradients of all parameters
Fails: works in float64 to its last digits, with one parameter as with five
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
