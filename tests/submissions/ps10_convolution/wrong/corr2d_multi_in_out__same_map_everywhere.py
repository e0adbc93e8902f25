"""Every output channel is the first.

Fails: equals the definition
Fails: gradients flow back to X and K
"""

def corr2d_multi_in_out(X, K):
    return torch.stack([corr2d_multi_in(X, K[0]) for k in K])
