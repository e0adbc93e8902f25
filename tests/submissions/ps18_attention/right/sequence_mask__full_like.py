"""Chooses between X and a tensor that is full of the value."""

def sequence_mask(X, valid_len, value=0):
    steps = torch.arange(X.shape[1], device=X.device).view(1, -1, *[1] * (X.ndim - 2)).expand_as(X)
    lens = valid_len.view(-1, *[1] * (X.ndim - 1))
    return torch.where(steps >= lens, torch.full_like(X, value), X)
