"""Leaves a change out where its strength is 0."""

def color_jitter(X, brightness, contrast, saturation, generator):
    def factor(strength):
        low = max(0.0, 1 - strength)
        return (low + (1 + strength - low) * torch.rand(X.shape[:-3], generator=generator).to(X))[..., None, None, None]

    def grey(Y):
        if Y.shape[-3] == 1:
            return Y
        return (Y * torch.tensor([0.299, 0.587, 0.114]).to(Y).view(3, 1, 1)).sum(-3, keepdim=True)

    Y = X.clone()
    if brightness > 0:
        Y = (Y * factor(brightness)).clamp(0, 1)
    if contrast > 0:
        f = factor(contrast)
        Y = (f * Y + (1 - f) * grey(Y).mean((-2, -1), keepdim=True)).clamp(0, 1)
    if saturation > 0:
        f = factor(saturation)
        Y = (f * Y + (1 - f) * grey(Y)).clamp(0, 1)
    return Y
