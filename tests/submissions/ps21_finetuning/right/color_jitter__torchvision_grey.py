"""torchvision's weights of the grey, 0.2989, 0.587, 0.114; minimum and maximum instead of clamp."""

def color_jitter(X, brightness, contrast, saturation, generator):
    shape = list(X.shape[:-3])

    def cut(Y):
        return torch.minimum(torch.maximum(Y, torch.zeros_like(Y)), torch.ones_like(Y))

    def factor(a):
        return torch.empty(shape).uniform_(max(0.0, 1.0 - a), 1.0 + a + 1e-12, generator=generator).to(X).reshape(*shape, 1, 1, 1)

    def to_grey(Y):
        if Y.size(-3) != 3:
            return Y
        r, g, b = Y.unbind(dim=-3)
        return (0.2989 * r + 0.587 * g + 0.114 * b).unsqueeze(-3)

    result = cut(factor(brightness) * X)
    f = factor(contrast)
    result = cut(f * result + (1 - f) * to_grey(result).mean(dim=(-3, -2, -1), keepdim=True))
    f = factor(saturation)
    return cut(f * result + (1 - f) * to_grey(result))
