"""torch.tensor of lists: no graph, and always float32.

Fails: the result has the dtype of X
Fails: gradients flow back to X and K
"""

def corr2d_multi_in_out(X, K):
    return torch.tensor([corr2d_multi_in(X, k).tolist() for k in K])
