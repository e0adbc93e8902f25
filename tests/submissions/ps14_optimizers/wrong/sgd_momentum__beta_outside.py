"""β multiplies the sum.

Fails: the first step is lr · grad
Says: β multiplies the new gradient as well
"""


@torch.no_grad()
def sgd_momentum(params, states, hyperparams):
    for p, v in zip(params, states):
        v.add_(p.grad).mul_(hyperparams["momentum"])
        p -= hyperparams["lr"] * v
        p.grad = None
