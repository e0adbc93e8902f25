"""With the tanh of 2.3."""

def tanh_grad(x):
    return 1 - torch.square(tanh(x))
