"""torch.tensor of lists: no graph, and always float32.

Fails: gradients flow back to X and K
Fails: the result has the dtype of X
"""

def corr2d_multi_in_out(X, K):
    return torch.tensor([corr2d_multi_in(X, k).tolist() for k in K])
