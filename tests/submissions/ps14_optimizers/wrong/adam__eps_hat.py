"""The correction is drawn into the rate, as some libraries have it: eps is added before it. (eps-hat of the paper)

Fails: eps stands outside the root, and is hyperparams' own
Says: before the correction
"""


def adam(params, states, hyperparams):
    beta1, beta2, t = hyperparams["beta1"], hyperparams["beta2"], hyperparams["t"]
    rate = hyperparams["lr"] * math.sqrt(1 - beta2**t) / (1 - beta1**t)
    with torch.no_grad():
        for p, (v, s) in zip(params, states):
            v[:] = beta1 * v + (1 - beta1) * p.grad
            s[:] = beta2 * s + (1 - beta2) * p.grad**2
            p -= rate * v / (torch.sqrt(s) + hyperparams["eps"])
            p.grad.zero_()
    hyperparams["t"] += 1
