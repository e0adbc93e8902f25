"""Takes the logarithm in place when nobody asks for a gradient, to save memory.

Fails: leaves its inputs unchanged
"""

def cross_entropy(y_hat, y):
    if y_hat.requires_grad:
        return -y_hat[range(len(y)), y].log()
    return -y_hat.log_()[range(len(y)), y]
