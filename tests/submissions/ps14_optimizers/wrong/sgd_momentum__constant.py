"""β is a constant.

Fails: the velocity keeps the share `momentum` and adds the gradient
Fails: when lr falls it falls for old gradients too
Fails: the states hold v after one step and after five
Fails: writes in place, into the memory that parameters and states have
Fails: clears the gradients of all parameters
Fails: hyperparams stays as it is, and nothing is returned
Fails: works in float64 to its last digits, in any memory order, with one parameter as with five
Says: β is 0.9
"""


def sgd_momentum(params, states, hyperparams):
    with torch.no_grad():
        for p, v in zip(params, states):
            v *= 0.9
            v += p.grad
            p -= hyperparams["lr"] * v
            p.grad.zero_()
