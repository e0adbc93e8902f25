"""The formula for one row, mapped over the batch."""

def softmax_jacobian(p):
    return torch.func.vmap(lambda q: torch.diag(q) - torch.outer(q, q))(p)
