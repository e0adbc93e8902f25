"""Fills with -1e6, through an index into the scores.

Fails: the mask holds whatever the scores are
Fails: a length of 0 gives a row of zeros, and no NaN in the gradients
Fails: works in half precision
Fails: leaves its inputs unchanged
Says: the padding gets -1e6, which may be larger than a valid score
"""

def masked_softmax(X, valid_lens=None):
    if valid_lens is None:
        return nn.functional.softmax(X, dim=-1)
    shape = X.shape
    if valid_lens.dim() == 1:
        valid_lens = torch.repeat_interleave(valid_lens, shape[1])
    else:
        valid_lens = valid_lens.reshape(-1)
    X = X.reshape(-1, shape[-1])
    mask = torch.arange(shape[-1], device=X.device)[None, :] < valid_lens[:, None]
    X[~mask] = -1e6
    return nn.functional.softmax(X.reshape(shape), dim=-1)
