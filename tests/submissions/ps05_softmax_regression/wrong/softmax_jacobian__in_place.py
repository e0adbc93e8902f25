"""Uses the caller's tensor as scratch paper.

Fails: leaves its input unchanged
"""

def softmax_jacobian(p):
    J = torch.diag_embed(p) - p.unsqueeze(2) * p.unsqueeze(1)
    p.mul_(1 - p)
    return J
