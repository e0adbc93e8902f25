"""eps is added to s itself.

Fails: eps stands under the root, and is hyperparams' own
Says: eps is added to s itself
"""


@torch.no_grad()
def adagrad(params, states, hyperparams):
    for p, s in zip(params, states):
        s += p.grad**2 + hyperparams["eps"]
        p -= hyperparams["lr"] * p.grad / s.sqrt()
        p.grad = None
