"""Plus for minus.

Fails: each number is divided by the root of its own sum of squares
Fails: stays right over twenty steps, with lr cut on the way
Fails: eps stands under the root, and is hyperparams' own
Fails: writes in place, into the memory that parameters and states have
Fails: clears the gradients of all parameters
Fails: hyperparams stays as it is, and nothing is returned
Fails: works in float64 to its last digits, in any memory order, with one parameter as with five
Says: up the gradient
"""


def adagrad(params, states, hyperparams):
    with torch.no_grad():
        for p, s in zip(params, states):
            s += p.grad**2
            p += hyperparams["lr"] * p.grad / torch.sqrt(s + hyperparams["eps"])
            p.grad.zero_()
