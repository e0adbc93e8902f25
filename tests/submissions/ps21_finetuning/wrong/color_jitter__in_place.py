"""Multiplies the caller's pictures in place.

Fails: leaves the pictures unchanged
"""

def color_jitter(X, brightness, contrast, saturation, generator):
    def factor(strength):
        low = max(0.0, 1 - strength)
        u = torch.rand(X.shape[:-3], generator=generator).to(X)
        return (low + (1 + strength - low) * u)[..., None, None, None]

    def grey(X):
        weights = torch.tensor([0.299, 0.587, 0.114] if X.shape[-3] == 3 else [1.0]).to(X)
        return (weights[:, None, None] * X).sum(dim=-3, keepdim=True)

    f = factor(brightness)
    X.mul_(f).clamp_(0, 1)
    f, mean_grey = factor(contrast), grey(X).mean(dim=(-2, -1), keepdim=True)
    X = (f * X + (1 - f) * mean_grey).clamp(0, 1)
    f = factor(saturation)
    return (f * X + (1 - f) * grey(X)).clamp(0, 1)
