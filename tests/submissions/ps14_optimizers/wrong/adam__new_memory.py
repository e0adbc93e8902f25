"""p.data gets new memory.

Fails: writes in place, into the memory that parameters and states have
Says: the memory that the parameters had before
"""


def adam(params, states, hyperparams):
    beta1, beta2, t = hyperparams["beta1"], hyperparams["beta2"], hyperparams["t"]
    with torch.no_grad():
        for p, (v, s) in zip(params, states):
            v[:] = beta1 * v + (1 - beta1) * p.grad
            s[:] = beta2 * s + (1 - beta2) * p.grad**2
            v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
            p.data = p.data - hyperparams["lr"] * v_hat / (torch.sqrt(s_hat) + hyperparams["eps"])
            p.grad.zero_()
    hyperparams["t"] += 1
