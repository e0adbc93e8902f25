"""The whole sequence behind <bos>, as the notes say.

Fails: *
Says: the whole sequence stands behind <bos>
"""

def teacher_forcing(Y, bos):
    return torch.cat([torch.full_like(Y[:, :1], bos), Y], dim=1)
