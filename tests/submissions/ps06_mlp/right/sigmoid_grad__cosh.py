"""By the hyperbolic cosine; 1 / inf is 0."""

def sigmoid_grad(x):
    return 1 / (2 + 2 * torch.cosh(x))
