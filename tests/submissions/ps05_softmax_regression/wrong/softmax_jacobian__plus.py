"""A plus for the minus.

Fails: *
"""

def softmax_jacobian(p):
    return torch.diag_embed(p) + p.unsqueeze(2) * p.unsqueeze(1)
