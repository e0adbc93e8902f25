"""torch.svd, float64 inside, signs fixed."""


def pca(X, k):
    wide = X.double()
    C = wide - wide.sum(dim=0) / wide.shape[0]
    U, S, V = torch.svd(C)
    W = V[:, :k].t()
    signs = torch.sign(W.gather(1, W.abs().argmax(1, keepdim=True)))
    W = W * signs
    return W.to(X.dtype), (C @ W.t()).to(X.dtype)
