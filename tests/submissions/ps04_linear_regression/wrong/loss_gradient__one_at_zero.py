"""1 where prediction and label agree.

Fails: "l1": is 0 where prediction and label agree
Says: it should be 0 there
"""


def loss_gradient(name, y_hat, y, delta=1.0):
    d = y_hat - y.reshape(y_hat.shape)
    if name == "l2":
        return d
    if name == "l1":
        return torch.where(d >= 0, torch.ones_like(d), -torch.ones_like(d))
    return d.clamp(-delta, delta)
