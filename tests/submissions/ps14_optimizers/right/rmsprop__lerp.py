"""lerp_ and addcdiv_."""


@torch.no_grad()
def rmsprop(params, states, hyperparams):
    for p, s in zip(params, states):
        s.lerp_(p.grad.square(), 1 - hyperparams["gamma"])
        p.addcdiv_(p.grad, (s + hyperparams["eps"]).sqrt(), value=-hyperparams["lr"])
        p.grad = None
