"""The identity in place of diag(p).

Fails: *
"""

def softmax_jacobian(p):
    return torch.eye(p.shape[1]) - p.unsqueeze(2) * p.unsqueeze(1)
