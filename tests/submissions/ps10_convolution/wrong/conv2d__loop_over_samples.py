"""One sample after the other.

Fails: no loop over the samples
"""

def conv2d(X, W, b, stride=1, padding=0):
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    maps = []
    for x in F.pad(X, (pw, pw, ph, ph)):
        P = x.unfold(1, W.shape[2], sh).unfold(2, W.shape[3], sw)
        maps.append(torch.einsum("cijab,ocab->oij", P, W) + b[:, None, None])
    return torch.stack(maps)
