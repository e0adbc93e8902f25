"""Loops over the entries of the kernel and adds shifted images."""

def corr2d(img, ker):
    H = img.size(0) - ker.size(0) + 1
    W = img.size(1) - ker.size(1) + 1
    out = 0
    for a in range(ker.size(0)):
        for b in range(ker.size(1)):
            out = out + ker[a, b] * img[a : a + H, b : b + W]
    return out
