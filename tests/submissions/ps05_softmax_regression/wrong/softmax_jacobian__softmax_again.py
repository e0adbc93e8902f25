"""Takes p for scores and applies softmax to it.

Fails: *
"""

def softmax_jacobian(p):
    p = torch.softmax(p, dim=1)
    return torch.diag_embed(p) - p.unsqueeze(2) * p.unsqueeze(1)
