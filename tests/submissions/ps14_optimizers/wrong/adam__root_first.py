"""The root is taken before the correction.

Fails: the first step is lr in the direction of the gradient
Says: the root is taken before the correction
"""


@torch.no_grad()
def adam(params, states, hyperparams):
    h = hyperparams
    for p, (v, s) in zip(params, states):
        v[:] = h["beta1"] * v + (1 - h["beta1"]) * p.grad
        s[:] = h["beta2"] * s + (1 - h["beta2"]) * p.grad**2
        p -= h["lr"] * v / (1 - h["beta1"] ** h["t"]) / (s.sqrt() / (1 - h["beta2"] ** h["t"]) + h["eps"])
        p.grad = None
    h["t"] += 1
