"""Drawn by NumPy, as in 001."""

import numpy as np

def init_params(sizes, std=0.01):
    params = []
    for d, h in zip(sizes, sizes[1:]):
        W = torch.tensor(np.random.normal(0, std, (d, h)), dtype=torch.float)
        b = torch.zeros(h, dtype=torch.float)
        params.extend([W, b])
    for param in params:
        param.requires_grad_(requires_grad=True)
    return params
