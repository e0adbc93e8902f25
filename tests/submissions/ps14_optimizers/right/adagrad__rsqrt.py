"""rsqrt, copy_, a rate for each number."""


def adagrad(params, states, hyperparams):
    for i in range(len(params)):
        g = params[i].grad.detach().clone()
        with torch.no_grad():
            states[i].copy_(states[i] + g.pow(2))
            rates = hyperparams["lr"] * torch.rsqrt(states[i] + hyperparams["eps"])
            params[i].sub_(rates * g)
        params[i].grad.fill_(0)
