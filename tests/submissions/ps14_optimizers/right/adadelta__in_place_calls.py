"""lerp_, and .grad = None."""


@torch.no_grad()
def adadelta(params, states, hyperparams):
    for p, state in zip(params, states):
        s, delta = state
        g = p.grad
        s.lerp_(g * g, 1 - hyperparams["rho"])
        step = g * ((delta + hyperparams["eps"]) / (s + hyperparams["eps"])).sqrt()
        delta.lerp_(step * step, 1 - hyperparams["rho"])
        p.sub_(step)
        p.grad = None
