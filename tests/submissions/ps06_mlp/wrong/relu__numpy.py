"""Computed in NumPy: no gradient.

Fails: gradients are right
Fails: the gradient at 0 is 0
"""

import numpy as np

def relu(x):
    return torch.from_numpy(np.maximum(x.detach().numpy(), 0))
