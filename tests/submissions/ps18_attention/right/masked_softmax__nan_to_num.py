"""Minus infinity through torch.where, and nan_to_num for empty rows."""


def masked_softmax(X, valid_lens=None):
    if valid_lens is None:
        return X.softmax(-1)
    alive = torch.arange(X.shape[-1], device=X.device) < valid_lens.reshape(len(X), -1, 1)
    return torch.nan_to_num(torch.where(alive, X, -math.inf).softmax(-1))
