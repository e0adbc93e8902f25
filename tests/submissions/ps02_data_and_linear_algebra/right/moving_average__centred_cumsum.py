"""The mean is taken out first, and put back."""


def moving_average(X, window):
    wide = X.to(torch.float64)
    mean = wide.mean(dim=0, keepdim=True)
    sums = torch.cumsum(wide - mean, dim=0)
    front = sums[window - 1 :]
    back = torch.cat((torch.zeros_like(sums[:1]), sums[: len(sums) - window]))
    return ((front - back) / window + mean).type_as(X)
