"""γ is a constant.

Fails: each number is divided by the root of the leaky average of its squares
Fails: stays right over twenty steps, with lr cut on the way
Fails: eps stands under the root, and is hyperparams' own
Fails: the states hold s after one step and after five
Fails: writes in place, into the memory that parameters and states have
Fails: clears the gradients of all parameters
Fails: hyperparams stays as it is, and nothing is returned
Fails: works in float64 to its last digits, in any memory order, with one parameter as with five
Says: γ is 0.9
"""


def rmsprop(params, states, hyperparams):
    with torch.no_grad():
        for p, s in zip(params, states):
            s[:] = 0.9 * s + 0.1 * p.grad**2
            p -= hyperparams["lr"] * p.grad / torch.sqrt(s + hyperparams["eps"])
            p.grad.zero_()
