"""delta has no default.

Fails: delta is 1 where none is given
"""


def loss_gradient(name, y_hat, y, delta):
    d = y_hat - y.reshape(y_hat.shape)
    return {"l2": d, "l1": d.sign(), "huber": d.clamp(-delta, delta)}[name]
