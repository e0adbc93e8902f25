"""Draws all three factors at once, adds a batch dimension, names the channels."""

def color_jitter(X, brightness, contrast, saturation, generator):
    single = X.ndim == 3
    if single:
        X = X[None]
    n, c = X.shape[:2]
    u = torch.rand(n, 3, generator=generator).to(X)
    strengths = torch.tensor([brightness, contrast, saturation]).to(X)
    low = (1 - strengths).clamp(min=0)
    factors = low + u * (1 + strengths - low)
    fb, fc, fs = (factors[:, k].view(n, 1, 1, 1) for k in range(3))
    X = (X * fb).clamp(0, 1)

    def luminance(P):
        return 0.299 * P[:, 0:1] + 0.587 * P[:, 1:2] + 0.114 * P[:, 2:3] if c == 3 else P

    mean = luminance(X).flatten(1).mean(dim=1).view(n, 1, 1, 1)
    X = (mean + fc * (X - mean)).clamp(0, 1)
    g = luminance(X)
    X = (g + fs * (X - g)).clamp(0, 1)
    return X[0] if single else X
