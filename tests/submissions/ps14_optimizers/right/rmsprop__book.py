"""As in the book, eps as a local name."""


def rmsprop(params, states, hyperparams):
    gamma, eps = hyperparams["gamma"], hyperparams["eps"]
    for p, s in zip(params, states):
        with torch.no_grad():
            s[:] = gamma * s + (1 - gamma) * torch.square(p.grad)
            p[:] -= hyperparams["lr"] * p.grad / torch.sqrt(s + eps)
        p.grad.data.zero_()
