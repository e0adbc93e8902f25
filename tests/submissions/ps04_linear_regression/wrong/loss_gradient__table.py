"""Labels are not reshaped.

Fails: "l2": is the error, prediction minus label
Says: broadcasting pairs every prediction with every label
"""


def loss_gradient(name, y_hat, y, delta=1.0):
    d = y_hat - y
    return {"l2": d, "l1": d.sign(), "huber": d.clamp(-delta, delta)}[name]
