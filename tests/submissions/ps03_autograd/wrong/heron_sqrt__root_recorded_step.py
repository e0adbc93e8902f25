"""The root by Python's own, and one recorded step.

Fails: treats all entries at once
Says: Heron's rule takes more steps
"""


import math


def heron_sqrt(a):
    flat = [math.sqrt(v) for v in a.detach().flatten().tolist()]
    x = torch.tensor(flat, dtype=a.dtype).reshape(a.shape)
    return (x + a / x) / 2
