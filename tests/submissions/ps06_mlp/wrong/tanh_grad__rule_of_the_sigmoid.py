"""t (1 - t).

Fails: *
Says: the rule of the sigmoid is taken
"""

def tanh_grad(x):
    t = torch.tanh(x)
    return t * (1 - t)
