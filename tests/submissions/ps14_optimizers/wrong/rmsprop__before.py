"""s from before the step.

Fails: each number is divided by the root of the leaky average of its squares
Fails: stays right over twenty steps, with lr cut on the way
Fails: eps stands under the root, and is hyperparams' own
Fails: writes in place, into the memory that parameters and states have
Fails: clears the gradients of all parameters
Fails: hyperparams stays as it is, and nothing is returned
Fails: works in float64 to its last digits, in any memory order, with one parameter as with five
Says: the one from before
"""


def rmsprop(params, states, hyperparams):
    with torch.no_grad():
        for p, s in zip(params, states):
            p -= hyperparams["lr"] * p.grad / torch.sqrt(s + hyperparams["eps"])
            s[:] = hyperparams["gamma"] * s + (1 - hyperparams["gamma"]) * p.grad**2
            p.grad.zero_()
