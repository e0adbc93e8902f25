"""Functions for lists of tensors."""


def sgd_momentum(params, states, hyperparams):
    with torch.no_grad():
        gradients = [p.grad for p in params]
        torch._foreach_mul_(states, hyperparams["momentum"])
        torch._foreach_add_(states, gradients)
        torch._foreach_add_(params, states, alpha=-hyperparams["lr"])
    for p in params:
        p.grad = None
