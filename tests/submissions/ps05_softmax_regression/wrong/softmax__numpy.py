"""Computes in NumPy: the numbers are right, but the graph is lost.

Fails: gradients are right
"""

import numpy as np

def softmax(X):
    a = X.detach().numpy()
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return torch.from_numpy(e / e.sum(axis=1, keepdims=True))
