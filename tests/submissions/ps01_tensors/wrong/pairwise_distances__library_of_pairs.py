"""PyTorch's distance of pairs, on repeated points.

Fails: *
"""

def pairwise_distances(X, Y):
    n, m = len(X), len(Y)
    pairs = X.repeat_interleave(m, 0), Y.repeat(n, 1)
    return torch.nn.PairwiseDistance(eps=0.0)(*pairs).reshape(n, m)
