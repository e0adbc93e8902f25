"""Only three parameters are expected.

Fails: works in float64 to its last digits, in any memory order, with one parameter as with five
"""


def sgd_momentum(params, states, hyperparams):
    with torch.no_grad():
        for i in range(min(3, len(params))):
            p, v = params[i], states[i]
            v.mul_(hyperparams["momentum"]).add_(p.grad)
            p -= hyperparams["lr"] * v
            p.grad.zero_()
