"""Every query a row, masked by sequence_mask."""


def masked_softmax(X, valid_lens=None):
    if valid_lens is None:
        return nn.functional.softmax(X, dim=-1)
    shape = X.shape
    if valid_lens.dim() == 1:
        valid_lens = torch.repeat_interleave(valid_lens, shape[1])
    else:
        valid_lens = valid_lens.reshape(-1)
    flat = X.reshape(-1, shape[-1])
    out = sequence_mask(flat, valid_lens, value=float("-inf"))
    empty = valid_lens == 0
    out = torch.where(empty[:, None], torch.zeros_like(out), out)
    p = torch.softmax(out, dim=-1)
    p = torch.where(empty[:, None], torch.zeros_like(p), p)
    return p.reshape(shape)
