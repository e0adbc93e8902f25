"""Nudges one copy up and down.

Fails: hands f a new tensor each time: f may return a part of it
"""


def numerical_gradient(f, x, eps=1e-4):
    x = x.detach().clone().contiguous()
    slopes = torch.zeros(x.numel(), dtype=x.dtype)
    for j in range(x.numel()):
        x.view(-1)[j] += eps
        up = f(x)
        x.view(-1)[j] -= 2 * eps
        down = f(x)
        x.view(-1)[j] += eps
        slopes[j] = (float(up) - float(down)) / (2 * eps)
    return slopes.reshape(x.shape)
