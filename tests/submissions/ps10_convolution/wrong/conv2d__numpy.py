"""Computed in NumPy.

Fails: gradients flow back to X, W and b
"""

def conv2d(X, W, b, stride=1, padding=0):
    import numpy as np

    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    x = np.pad(X.detach().cpu().numpy(), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    P = np.lib.stride_tricks.sliding_window_view(x, tuple(W.shape[2:]), axis=(2, 3))[:, :, ::sh, ::sw]
    Y = np.einsum("ncijab,ocab->noij", P, W.detach().cpu().numpy()) + b.detach().cpu().numpy()[:, None, None]
    return torch.tensor(Y, dtype=X.dtype, device=X.device)
