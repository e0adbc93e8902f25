"""t (1 - t).

Fails: *
"""

def tanh_grad(x):
    t = torch.tanh(x)
    return t * (1 - t)
