"""By index."""


def adadelta(params, states, hyperparams):
    rho, eps = hyperparams["rho"], hyperparams["eps"]
    for i in range(len(params)):
        g = params[i].grad.clone()
        states[i][0].mul_(rho).add_((1 - rho) * g.pow(2))
        u = (states[i][1] + eps).pow(0.5) * (states[i][0] + eps).pow(-0.5) * g
        params[i].data -= u
        states[i][1].mul_(rho).add_((1 - rho) * u.pow(2))
        params[i].grad.zero_()
