"""The gradient of the first parameter is left.

Fails: clears the gradients of all parameters
Says: gradient is not cleared
"""


def adam(params, states, hyperparams):
    beta1, beta2, t = hyperparams["beta1"], hyperparams["beta2"], hyperparams["t"]
    with torch.no_grad():
        for p, (v, s) in zip(params, states):
            v[:] = beta1 * v + (1 - beta1) * p.grad
            s[:] = beta2 * s + (1 - beta2) * p.grad**2
            v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
            p -= hyperparams["lr"] * v_hat / (torch.sqrt(s_hat) + hyperparams["eps"])
        for p in params[1:]:
            p.grad.zero_()
    hyperparams["t"] += 1
