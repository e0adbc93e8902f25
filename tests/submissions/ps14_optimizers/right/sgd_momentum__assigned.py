"""s[:] = …, and .grad = None."""


@torch.no_grad()
def sgd_momentum(params, states, hyperparams):
    lr, beta = hyperparams["lr"], hyperparams["momentum"]
    for p, v in zip(params, states):
        v[:] = beta * v + p.grad
        p[:] -= lr * v
        p.grad = None
