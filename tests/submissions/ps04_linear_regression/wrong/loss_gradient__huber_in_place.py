"""clamp_ on the difference is fine, on y_hat it is not.

Fails: "huber": leaves its inputs unchanged
"""


def loss_gradient(name, y_hat, y, delta=1.0):
    d = y_hat.sub_(y.reshape(y_hat.shape)) if name == "huber" else y_hat - y.reshape(y_hat.shape)
    return {"l2": d, "l1": d.sign(), "huber": d.clamp(-delta, delta)}[name]
