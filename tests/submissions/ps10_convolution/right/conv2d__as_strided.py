"""as_strided on the padded image, and tensordot."""

def conv2d(X, W, b, stride=1, padding=0):
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    Xp = F.pad(X, (pw, pw, ph, ph)).contiguous()
    n, c, h, w = Xp.shape
    o, _, kh, kw = W.shape
    oh, ow = 1 + (h - kh) // sh, 1 + (w - kw) // sw
    a, q, r, s = Xp.stride()
    P = Xp.as_strided((n, oh, ow, c, kh, kw), (a, r * sh, s * sw, q, r, s))
    return (torch.tensordot(P, W, dims=([3, 4, 5], [1, 2, 3])) + b).permute(0, 3, 1, 2)
