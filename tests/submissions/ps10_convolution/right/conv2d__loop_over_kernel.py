"""A loop over the positions of the kernel, one product of channels each."""

def conv2d(X, W, b, stride=1, padding=0):
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    X = pad2d(X, (ph, pw))
    kh, kw = W.shape[2:]
    oh, ow = (X.shape[2] - kh) // sh + 1, (X.shape[3] - kw) // sw + 1
    Y = b.reshape(1, -1, 1, 1)
    for i in range(kh):
        for j in range(kw):
            patch = X[:, :, i : i + sh * oh : sh, j : j + sw * ow : sw][:, :, :oh, :ow]
            Y = Y + torch.einsum("nchw,oc->nohw", patch, W[:, :, i, j])
    return Y
