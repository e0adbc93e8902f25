"""float(alpha): one alpha only, and no gradient to it.

Fails: one alpha per channel, which is dimension 1
Fails: gradients reach x and alpha and are right
Fails: leaves its inputs unchanged
"""

def prelu(x, alpha):
    return torch.where(x > 0, x, float(alpha) * x)
