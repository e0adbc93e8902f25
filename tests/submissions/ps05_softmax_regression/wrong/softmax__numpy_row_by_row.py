"""In NumPy with a gradient of its own, one row after the other.

Fails: works on all rows at once
"""

import numpy as np


class Softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X):
        rows = []
        for a in X.detach().numpy():
            e = np.exp(a - a.max())
            rows.append(e / e.sum())
        P = torch.from_numpy(np.stack(rows))
        ctx.save_for_backward(P)
        return P

    @staticmethod
    def backward(ctx, G):
        (P,) = ctx.saved_tensors
        return P * (G - (P * G).sum(dim=1, keepdim=True))


def softmax(X):
    return Softmax.apply(X)
