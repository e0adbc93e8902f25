"""p.data gets new memory.

Fails: writes in place, into the memory that parameters and states have
Says: the memory that the parameters had before
"""


def adadelta(params, states, hyperparams):
    rho, eps = hyperparams["rho"], hyperparams["eps"]
    with torch.no_grad():
        for p, (s, delta) in zip(params, states):
            s[:] = rho * s + (1 - rho) * p.grad**2
            update = torch.sqrt((delta + eps) / (s + eps)) * p.grad
            p.data = p.data - update
            delta[:] = rho * delta + (1 - rho) * update**2
            p.grad.zero_()
