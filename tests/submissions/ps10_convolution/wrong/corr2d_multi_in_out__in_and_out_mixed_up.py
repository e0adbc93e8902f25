"""Takes dimension 1 of the kernel for the output channels.

Fails: equals the definition
Fails: gradients flow back to X and K
"""

def corr2d_multi_in_out(X, K):
    return torch.stack([corr2d_multi_in(X, k) for k in K.transpose(0, 1)])
