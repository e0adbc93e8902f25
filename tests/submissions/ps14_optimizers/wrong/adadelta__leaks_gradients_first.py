"""Δ leaks the squared gradients, before the step. (001)

Fails: the first step is the root of eps / (s + eps), times the gradient
Fails: Δ is the leaky average of the squared updates
Fails: stays right over twenty steps, and takes no notice of a "lr"
Fails: eps and rho are hyperparams' own
Fails: the states hold s and delta after one step and after five
Fails: writes in place, into the memory that parameters and states have
Fails: clears the gradients of all parameters
Fails: hyperparams stays as it is, and nothing is returned
Fails: works in float64 to its last digits, in any memory order, with one parameter as with five
Says: Δ leaks the squared gradients before the step
"""


def adadelta(params, states, hyperparams):
    rho, eps = hyperparams["rho"], hyperparams["eps"]
    with torch.no_grad():
        for p, (s, delta) in zip(params, states):
            s[:] = rho * s + (1 - rho) * p.grad**2
            delta[:] = rho * delta + (1 - rho) * p.grad**2
            update = torch.sqrt((delta + eps) / (s + eps)) * p.grad
            p -= update
            p.grad.zero_()
