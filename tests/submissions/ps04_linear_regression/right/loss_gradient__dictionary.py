"""A dictionary of functions."""


def loss_gradient(name, y_hat, y, delta=1.0):
    slopes = {
        "l2": lambda d: d,
        "l1": torch.sign,
        "huber": lambda d: torch.minimum(torch.maximum(d, torch.full_like(d, -delta)), torch.full_like(d, delta)),
    }
    return slopes[name](y_hat - y.reshape(y_hat.shape))
