"""A view of Y for one token only.

Fails: the result has storage of its own
"""

def teacher_forcing(Y, bos):
    if Y.shape[1] == 1:
        Y[:] = bos
        return Y
    return torch.cat([torch.full_like(Y[:, :1], bos), Y[:, :-1]], dim=1)
