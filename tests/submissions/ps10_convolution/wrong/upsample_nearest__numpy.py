"""NumPy's repeat.

Fails: gradients flow back to X
"""

def upsample_nearest(X, scale):
    import numpy as np

    return torch.from_numpy(np.repeat(np.repeat(X.detach().cpu().numpy(), scale, -2), scale, -1))
