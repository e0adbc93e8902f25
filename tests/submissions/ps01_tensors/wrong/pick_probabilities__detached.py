"""The graph is cut.

Fails: gradients reach y_hat
"""

def pick_probabilities(y_hat, y):
    return y_hat.detach()[torch.arange(len(y), device=y.device), y]
