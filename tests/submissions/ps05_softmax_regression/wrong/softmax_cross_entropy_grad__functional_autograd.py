"""Uses torch.func.grad.

Fails: *
"""

def softmax_cross_entropy_grad(O, y):
    return torch.func.grad(lambda o: -torch.softmax(o, dim=1).gather(1, y[:, None]).log().sum())(O)
