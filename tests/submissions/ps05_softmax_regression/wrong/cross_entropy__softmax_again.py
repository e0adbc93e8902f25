"""Takes the probabilities for scores: softmax is applied twice.

Fails: *
"""

def cross_entropy(y_hat, y):
    return torch.nn.functional.cross_entropy(y_hat, y, reduction="none")
