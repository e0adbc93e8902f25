"""topk and count_nonzero."""

def accuracy(y_hat, y):
    if y_hat.ndim > 1:
        y_hat = y_hat.topk(1, dim=-1).indices.squeeze(-1)
    return int(torch.count_nonzero(y_hat == y))
