"""By index, on data."""


def adam(params, states, hyperparams):
    b1, b2, lr, eps, t = (hyperparams[key] for key in ("beta1", "beta2", "lr", "eps", "t"))
    for i, p in enumerate(params):
        g = p.grad.clone()
        states[i][0].mul_(b1).add_(g, alpha=1 - b1)
        states[i][1].mul_(b2).add_(g.pow(2), alpha=1 - b2)
        direction = states[i][0] / (1 - b1**t) / ((states[i][1] / (1 - b2**t)).sqrt() + eps)
        p.data.sub_(lr * direction)
        p.grad.zero_()
    hyperparams.update(t=t + 1)
