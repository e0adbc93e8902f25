"""uniform_ with the bounds, lerp away from three kinds of black."""

def color_jitter(X, brightness, contrast, saturation, generator):
    grey = lambda Z: (Z if Z.shape[-3] == 1 else torch.einsum("...chw,c->...hw", Z, Z.new_tensor([0.299, 0.587, 0.114])).unsqueeze(-3))
    blacks = [torch.zeros_like, lambda Z: grey(Z).mean((-1, -2, -3), keepdim=True), grey]
    for a, black in zip((brightness, contrast, saturation), blacks):
        f = torch.empty(X.shape[:-3]).uniform_(max(0.0, 1 - a), 1 + a, generator=generator).to(X)[..., None, None, None]
        X = torch.lerp(black(X).expand_as(X), X, f).clamp(0, 1)
    return X
