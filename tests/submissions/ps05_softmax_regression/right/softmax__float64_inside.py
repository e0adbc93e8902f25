"""Computes in float64 and goes back to the dtype of its input; einsum for the sums."""

def softmax(X):
    Z = X.double()
    Z = (Z - Z.max(1, keepdim=True)[0]).exp()
    return torch.einsum("nk,n->nk", Z, 1 / torch.einsum("nk->n", Z)).to(X.dtype)
