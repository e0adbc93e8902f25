"""By way of NumPy."""

import numpy as np


def get_params(params, device):
    copies = []
    for p in params:
        copy = torch.from_numpy(np.array(p.detach().numpy(), copy=True)).to(device)
        copy.requires_grad = True
        copies.append(copy)
    return copies
