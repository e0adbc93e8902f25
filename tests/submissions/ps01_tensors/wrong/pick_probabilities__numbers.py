"""A list of numbers: slow, and without a graph.

Fails: gradients reach y_hat
Fails: no loop over the samples
"""

def pick_probabilities(y_hat, y):
    picked = [row[label].item() for row, label in zip(y_hat, y)]
    return torch.tensor(picked, dtype=y_hat.dtype, device=y_hat.device)
