"""NumPy's tanh: no gradient.

Fails: stays finite for entries of any size, and so does its gradient
Fails: gradients are right
Fails: the gradient is right at 0 too
"""

import numpy as np

def tanh(x):
    return torch.from_numpy(np.tanh(x.detach().numpy()))
