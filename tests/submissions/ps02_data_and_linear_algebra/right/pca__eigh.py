"""eigh of the covariance, turned."""


def pca(X, k):
    mu = X.mean(dim=0, keepdim=True)
    C = X - mu
    values, vectors = torch.linalg.eigh(C.T @ C / len(X))
    V = vectors.flip(1)[:, :k]
    return V.T, C @ V
