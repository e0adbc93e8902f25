"""torch.lerp, three functions, the grey by einsum."""

def color_jitter(X, brightness, contrast, saturation, generator):
    def f(a):
        lo, hi = max(0, 1 - a), 1 + a
        u = torch.rand(X.shape[:-3] + (1, 1, 1), generator=generator).to(device=X.device, dtype=X.dtype)
        return torch.lerp(torch.full_like(u, lo), torch.full_like(u, hi), u)

    def gray(Y):
        if Y.shape[-3] == 1:
            return Y
        return torch.einsum("c,...chw->...hw", torch.tensor([0.299, 0.587, 0.114], dtype=Y.dtype, device=Y.device), Y).unsqueeze(-3)

    Y = torch.clamp(X * f(brightness), 0, 1)
    Y = torch.clamp(torch.lerp(gray(Y).mean((-1, -2), keepdim=True), Y, f(contrast)), 0, 1)
    Y = torch.clamp(torch.lerp(gray(Y), Y, f(saturation)), 0, 1)
    return Y
