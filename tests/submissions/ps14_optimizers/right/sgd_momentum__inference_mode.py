"""Under torch.inference_mode."""


def sgd_momentum(params, states, hyperparams):
    lr, beta = hyperparams["lr"], hyperparams["momentum"]
    with torch.inference_mode():
        for p, v in zip(params, states):
            v.mul_(beta).add_(p.grad)
            p.sub_(lr * v)
            p.grad.zero_()
