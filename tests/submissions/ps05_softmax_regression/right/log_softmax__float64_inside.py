"""Computes in float64 and goes back; a loop over the rows, which this exercise allows."""

def log_softmax(X):
    out = []
    for row in X.to(torch.float64):
        row = row - max(row.tolist())
        out.append(row - row.exp().sum().log())
    return torch.stack(out).to(X.dtype)
