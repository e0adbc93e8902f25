"""Computes in NumPy: the numbers are right, the graph is lost, and so is PyTorch.

Fails: gradients are right
Fails: works on all rows at once
"""

import numpy as np

def softmax(X):
    a = X.detach().numpy()
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return torch.from_numpy(e / e.sum(axis=1, keepdims=True))
