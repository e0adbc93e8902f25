"""A loop over the pixels of the output.

Fails: no loop over the pixels of the output
"""

def conv2d(X, W, b, stride=1, padding=0):
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    X = F.pad(X, (pw, pw, ph, ph))
    kh, kw = W.shape[2:]
    oh, ow = (X.shape[2] - kh) // sh + 1, (X.shape[3] - kw) // sw + 1
    Y = X.new_zeros(len(X), len(W), oh, ow)
    for i in range(oh):
        for j in range(ow):
            patch = X[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw]
            Y[:, :, i, j] = torch.einsum("ncab,ocab->no", patch, W) + b
    return Y
