"""A loop over the channels."""

def nchw_to_nhwc(X):
    channels = [X[:, c] for c in range(X.shape[1])]
    return torch.stack(channels, dim=3)
