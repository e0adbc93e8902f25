"""The size of the output is worked out once and kept for all later calls.

Fails: every entry is the sum of window times kernel, which is not flipped
"""

_size = []


def corr2d(X, K):
    (h, w), (kh, kw) = X.shape, K.shape
    if not _size:
        _size.extend((h - kh + 1, w - kw + 1))
    P = X.unfold(0, kh, 1).unfold(1, kw, 1)
    return (P * K).sum(dim=(2, 3))[: _size[0], : _size[1]]
