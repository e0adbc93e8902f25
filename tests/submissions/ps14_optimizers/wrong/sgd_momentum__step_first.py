"""The step with the velocity from before.

Fails: the first step is lr · grad
Fails: the velocity keeps the share `momentum` and adds the gradient
Fails: when lr falls it falls for old gradients too
Fails: writes in place, into the memory that parameters and states have
Fails: clears the gradients of all parameters
Fails: hyperparams stays as it is, and nothing is returned
Fails: works in float64 to its last digits, in any memory order, with one parameter as with five
Says: the velocity from before
"""


def sgd_momentum(params, states, hyperparams):
    with torch.no_grad():
        for p, v in zip(params, states):
            p -= hyperparams["lr"] * v
            v *= hyperparams["momentum"]
            v += p.grad
            p.grad.zero_()
