"""einsum, relu for the hat, the logarithm of the ratio drawn uniformly as torchvision does."""

import math

def random_crop_resize(X, size, scale, ratio, generator):
    h, w = X.shape[-2], X.shape[-1]
    lead = X.shape[:-3]

    def draw(low, high):
        return low + (high - low) * torch.rand(lead, generator=generator).to(X)

    s = draw(scale[0], scale[1])
    r = torch.exp(draw(math.log(ratio[0]), math.log(ratio[1])))
    bh = torch.minimum((s * h * w / r) ** 0.5, torch.tensor(float(h)).to(X))
    bw = torch.minimum((s * h * w * r) ** 0.5, torch.tensor(float(w)).to(X))
    top = draw(0, 1) * (h - bh)
    left = draw(0, 1) * (w - bw)

    def hat(start, length, inp, out):
        pos = start[..., None] + (torch.arange(out).to(X) + 0.5) * (length / out)[..., None] - 0.5
        pos = torch.clamp(pos, 0, inp - 1)
        return torch.relu(1 - torch.abs(pos[..., :, None] - torch.arange(inp).to(X)))

    return torch.einsum("...ik,...ckl,...jl->...cij", hat(top, bh, h, size[0]), X, hat(left, bw, w, size[1]))
