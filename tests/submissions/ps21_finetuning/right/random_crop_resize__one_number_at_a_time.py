"""Four draws, a batch dimension put in front of a single picture, columns first."""

def random_crop_resize(X, size, scale, ratio, generator):
    if X.ndim == 3:
        return random_crop_resize(X[None], size, scale, ratio, generator)[0]
    n, _, h, w = X.shape
    rows, cols = size
    share = torch.empty(n).uniform_(*scale, generator=generator).to(X)
    aspect = torch.empty(n).uniform_(*ratio, generator=generator).to(X)
    width = torch.clamp(torch.sqrt(share * h * w * aspect), max=w)
    height = torch.clamp(torch.sqrt(share * h * w / aspect), max=h)
    left = torch.rand(n, generator=generator).to(X) * (w - width)
    top = torch.rand(n, generator=generator).to(X) * (h - height)
    k = torch.arange(w, device=X.device)
    xs = (left[:, None] + width[:, None] * (torch.arange(cols, device=X.device) + 0.5) / cols - 0.5).clamp(0, w - 1)
    B = torch.clamp(1 - torch.abs(xs[:, :, None] - k), min=0)
    k = torch.arange(h, device=X.device)
    ys = (top[:, None] + height[:, None] * (torch.arange(rows, device=X.device) + 0.5) / rows - 0.5).clamp(0, h - 1)
    A = torch.clamp(1 - torch.abs(ys[:, :, None] - k), min=0)
    halfway = X @ B[:, None].transpose(2, 3)
    return A[:, None] @ halfway
