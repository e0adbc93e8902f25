"""avg_pool1d over the series laid side by side."""


def moving_average(X, window):
    flat = X.reshape(X.shape[0], -1).T[None]
    out = torch.nn.functional.avg_pool1d(flat, window, stride=1)[0].T
    return out.reshape(-1, *X.shape[1:])
