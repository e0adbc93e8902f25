"""2d for "l2": the ½ is forgotten.

Fails: "l2": is the error, prediction minus label
"""


def loss_gradient(name, y_hat, y, delta=1.0):
    d = y_hat - y.reshape(y_hat.shape)
    return {"l2": 2 * d, "l1": d.sign(), "huber": d.clamp(-delta, delta)}[name]
