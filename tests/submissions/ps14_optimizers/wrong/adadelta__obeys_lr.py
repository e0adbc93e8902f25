"""A rate is obeyed.

Fails: stays right over twenty steps, and takes no notice of a "lr"
Says: multiplied by
"""


def adadelta(params, states, hyperparams):
    rho, eps = hyperparams["rho"], hyperparams["eps"]
    with torch.no_grad():
        for p, (s, delta) in zip(params, states):
            s[:] = rho * s + (1 - rho) * p.grad**2
            update = torch.sqrt((delta + eps) / (s + eps)) * p.grad
            p -= hyperparams.get("lr", 1.0) * update
            delta[:] = rho * delta + (1 - rho) * update**2
            p.grad.zero_()
