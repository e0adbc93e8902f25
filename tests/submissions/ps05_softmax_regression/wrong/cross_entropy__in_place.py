"""Takes the logarithm in place when nobody asks for a gradient, to save memory.

Fails: leaves its inputs unchanged
"""

def cross_entropy(y_hat, y):
    logs = y_hat.log() if y_hat.requires_grad else y_hat.log_()
    return -logs[range(len(y)), y]
