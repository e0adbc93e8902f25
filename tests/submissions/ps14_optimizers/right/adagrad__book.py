"""As in the book."""


def adagrad(params, states, hyperparams):
    eps = hyperparams["eps"]
    for p, s in zip(params, states):
        with torch.no_grad():
            s[:] += torch.square(p.grad)
            p[:] -= hyperparams["lr"] * p.grad / torch.sqrt(s + eps)
        p.grad.data.zero_()
