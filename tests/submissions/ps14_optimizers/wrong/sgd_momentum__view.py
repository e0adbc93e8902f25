"""Flattens with view.

Fails: works in float64 to its last digits, in any memory order, with one parameter as with five
"""


def sgd_momentum(params, states, hyperparams):
    with torch.no_grad():
        for p, v in zip(params, states):
            flat, velocity = p.view(-1), v.view(-1)
            velocity.mul_(hyperparams["momentum"]).add_(p.grad.view(-1))
            flat -= hyperparams["lr"] * velocity
            p.grad.zero_()
