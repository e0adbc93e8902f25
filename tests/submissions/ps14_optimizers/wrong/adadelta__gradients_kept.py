"""The gradients are not cleared.

Fails: clears the gradients of all parameters
Says: gradient is not cleared
"""


def adadelta(params, states, hyperparams):
    rho, eps = hyperparams["rho"], hyperparams["eps"]
    with torch.no_grad():
        for p, (s, delta) in zip(params, states):
            s[:] = rho * s + (1 - rho) * p.grad**2
            update = torch.sqrt((delta + eps) / (s + eps)) * p.grad
            p -= update
            delta[:] = rho * delta + (1 - rho) * update**2
