"""Tokens in a byte.

Fails: *
"""

def teacher_forcing(Y, bos):
    return torch.cat([torch.full_like(Y[:, :1], bos), Y[:, :-1]], dim=1).to(torch.uint8).long()
