"""Four times the slope of the sigmoid at 2x."""

def tanh_grad(x):
    s = torch.sigmoid(2 * x)
    return 4 * s * (1 - s)
