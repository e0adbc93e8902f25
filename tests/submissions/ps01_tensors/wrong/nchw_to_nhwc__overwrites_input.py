"""Empties X when done.

Fails: X is left as it was
"""

def nchw_to_nhwc(X):
    out = torch.stack(X.unbind(1), dim=-1)
    with torch.no_grad():
        X.zero_()
    return out
