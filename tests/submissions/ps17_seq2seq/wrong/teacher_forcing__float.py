"""A float result.

Fails: *
"""

def teacher_forcing(Y, bos):
    return torch.cat([torch.full((len(Y), 1), float(bos)), Y[:, :-1]], dim=1)
