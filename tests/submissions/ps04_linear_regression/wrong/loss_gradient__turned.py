"""Label minus prediction. (003 §6.4)

Fails: "l2": is the error, prediction minus label
Says: the sign is turned
"""


def loss_gradient(name, y_hat, y, delta=1.0):
    d = y.reshape(y_hat.shape) - y_hat
    if name == "l2":
        return d
    if name == "l1":
        return d.sign()
    return d.clamp(-delta, delta)
