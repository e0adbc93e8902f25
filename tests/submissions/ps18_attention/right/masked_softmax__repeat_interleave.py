"""Flattened to rows, with lengths repeated for each query, through sequence_mask."""

def masked_softmax(X, valid_lens=None):
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    shape = X.shape
    if valid_lens.dim() == 1:
        valid_lens = torch.repeat_interleave(valid_lens, shape[1])
    else:
        valid_lens = valid_lens.reshape(-1)
    steps = torch.arange(shape[-1], device=X.device)
    keep = steps[None, :] < valid_lens[:, None]
    rows = torch.where(keep, X.reshape(-1, shape[-1]), -float("inf"))
    rows = torch.softmax(rows, dim=-1)
    return torch.where(keep, rows, 0.0).to(X.dtype).reshape(shape)
