"""alpha always gets the shape (c, 1, 1).

Fails: one alpha per channel, which is dimension 1
Fails: gradients reach x and alpha and are right
Fails: leaves its inputs unchanged
"""

def prelu(x, alpha):
    if isinstance(alpha, torch.Tensor):
        alpha = alpha.reshape(-1, 1, 1)
    return torch.where(x > 0, x, alpha * x)
