"""η inside the velocity. (001)

Fails: when lr falls it falls for old gradients too
Fails: the states hold v after one step and after five
Says: η stands inside the velocity
"""


def sgd_momentum(params, states, hyperparams):
    with torch.no_grad():
        for p, v in zip(params, states):
            v *= hyperparams["momentum"]
            v += hyperparams["lr"] * p.grad
            p -= v
            p.grad.zero_()
