"""A power of -1/2."""


def rmsprop(params, states, hyperparams):
    lr, gamma, eps = (hyperparams[key] for key in ("lr", "gamma", "eps"))
    for p, s in zip(params, states):
        g = p.grad
        p.grad = None
        s.mul_(gamma).addcmul_(g, g, value=1 - gamma)
        p.data.sub_(lr * g * (s + eps) ** -0.5)
