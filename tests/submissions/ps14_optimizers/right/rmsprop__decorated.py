"""torch.no_grad as a decorator, .data here and there."""


@torch.no_grad()
def rmsprop(params, states, hyperparams):
    lr, gamma, eps = (hyperparams[key] for key in ("lr", "gamma", "eps"))
    for i, p in enumerate(params):
        g = p.grad.data
        states[i].mul_(gamma).addcmul_(g, g, value=1 - gamma)
        p.data.addcdiv_(g, states[i].add(eps).sqrt(), value=-lr)
        p.grad = None
