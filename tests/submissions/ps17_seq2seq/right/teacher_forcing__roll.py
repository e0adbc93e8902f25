"""Rolls, then puts bos in front."""

def teacher_forcing(Y, bos):
    forced = torch.roll(Y, 1, dims=1)
    forced[:, 0] = bos
    return forced
