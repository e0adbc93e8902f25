"""Goes through the indices of the tensor, in no_grad."""


import itertools


def numerical_gradient(f, x, eps=1e-4):
    with torch.no_grad():
        gradient = torch.zeros_like(x)
        for place in itertools.product(*(range(size) for size in x.shape)):
            step = torch.zeros_like(x)
            step[place] = eps
            gradient[place] = float(f(x + step) - f(x - step)) / (2 * eps)
    return gradient
