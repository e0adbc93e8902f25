"""In NumPy on the whole array, with a gradient of its own."""

import numpy as np


class Softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X):
        a = X.detach().numpy()
        e = np.exp(a - a.max(axis=1, keepdims=True))
        P = torch.from_numpy(e / e.sum(axis=1, keepdims=True))
        ctx.save_for_backward(P)
        return P

    @staticmethod
    def backward(ctx, G):
        (P,) = ctx.saved_tensors
        return P * (G - (P * G).sum(dim=1, keepdim=True))


def softmax(X):
    return Softmax.apply(X)
