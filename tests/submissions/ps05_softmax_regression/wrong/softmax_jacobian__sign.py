"""The sign of everything is wrong.

Fails: *
"""

def softmax_jacobian(p):
    return p.unsqueeze(2) * p.unsqueeze(1) - torch.diag_embed(p)
