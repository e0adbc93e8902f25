"""A matrix of weights."""


def leaky_average(values, beta, corrected=False):
    T = len(values)
    if T == 0:
        return values.clone()
    t = torch.arange(T, dtype=torch.float64)
    lag = t[:, None] - t
    W = torch.where(lag >= 0, (1 - beta) * torch.as_tensor(float(beta), dtype=torch.float64) ** lag.clamp(min=0), 0.0)
    if corrected:
        W = W / W.sum(dim=1, keepdim=True)
    return torch.tensordot(W, values.double(), dims=1).to(values.dtype)
