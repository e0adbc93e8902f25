"""The gradients are not cleared.

Fails: clears the gradients of all parameters
Says: gradient is not cleared
"""


def adagrad(params, states, hyperparams):
    with torch.no_grad():
        for p, s in zip(params, states):
            s += p.grad**2
            p -= hyperparams["lr"] * p.grad / torch.sqrt(s + hyperparams["eps"])
