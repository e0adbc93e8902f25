"""Asks autograd.

Fails: "l2": is the error, prediction minus label
"""


def loss_gradient(name, y_hat, y, delta=1.0):
    leaf = y_hat.detach().clone().requires_grad_()
    d = leaf - y.reshape(y_hat.shape)
    loss = {"l2": d**2 / 2, "l1": d.abs(), "huber": torch.where(d.abs() > delta, delta * (d.abs() - delta / 2), d**2 / 2)}[name]
    loss.sum().backward()
    return leaf.grad
