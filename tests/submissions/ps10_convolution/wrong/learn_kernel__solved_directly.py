"""Solves the normal equations instead of learning.

Fails: finds the edge detector [1, -1] from an image with stripes
"""

def learn_kernel(X, Y, kernel_size):
    patches = X.unfold(0, kernel_size[0], 1).unfold(1, kernel_size[1], 1).reshape(Y.numel(), -1)
    return torch.linalg.lstsq(patches, Y.reshape(-1, 1)).solution.reshape(kernel_size)
