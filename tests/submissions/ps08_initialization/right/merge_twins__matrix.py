"""A table of who is whose twin, and a product with it."""


def merge_twins(W1, b1, W2):
    same = (W1[:, None] == W1[None]).all(-1) & (b1[:, None] == b1[None])
    first = same.int().argmax(dim=1)
    keep = torch.unique(first)
    member = (first[:, None] == keep[None]).to(W2.dtype)
    return W1[keep], b1[keep], W2 @ member
