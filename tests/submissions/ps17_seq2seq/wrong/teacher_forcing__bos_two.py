"""<bos> is always 2.

Fails: *
Says: <bos> is always 2
"""

def teacher_forcing(Y, bos):
    return torch.cat([torch.full_like(Y[:, :1], 2), Y[:, :-1]], dim=1)
