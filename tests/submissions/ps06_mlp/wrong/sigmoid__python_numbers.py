"""math.exp on every entry: no gradient, and float32 always.

Fails: stays finite for entries of any size, and so does its gradient
Fails: gradients are right
Fails: the gradient is right at 0 too
Fails: keeps the dtype, and takes entries in any memory order
"""

import math

def sigmoid(x):
    numbers = [1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v)) for v in x.flatten().tolist()]
    return torch.tensor(numbers).reshape(x.shape)
