"""Vector by vector."""


def project_ball(X, radius):
    rows = []
    for x in X.reshape(-1, X.shape[-1]):
        size = torch.linalg.vector_norm(x)
        rows.append(x * radius / size if size.item() > radius else x)
    return torch.stack(rows).reshape(X.shape)
