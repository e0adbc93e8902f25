"""t is not counted up.

Fails: both averages are corrected, each with its own beta
Fails: stays right over twenty steps, with lr cut on the way
Fails: eps stands outside the root, and is hyperparams' own
Fails: beta1, beta2 and lr are hyperparams' own
Fails: writes in place, into the memory that parameters and states have
Fails: clears the gradients of all parameters
Fails: hyperparams["t"] grows by one a call, nothing else changes, and nothing is returned
Fails: works in float64 to its last digits, in any memory order, with one parameter as with five
Says: t is 1 in all steps
"""


def adam(params, states, hyperparams):
    beta1, beta2, t = hyperparams["beta1"], hyperparams["beta2"], hyperparams["t"]
    with torch.no_grad():
        for p, (v, s) in zip(params, states):
            v[:] = beta1 * v + (1 - beta1) * p.grad
            s[:] = beta2 * s + (1 - beta2) * p.grad**2
            v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
            p -= hyperparams["lr"] * v_hat / (torch.sqrt(s_hat) + hyperparams["eps"])
            p.grad.zero_()
