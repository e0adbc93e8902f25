"""Subtracts the maximum over everything: rows far below it underflow to 0/0.

Fails: stays finite for scores of any size
"""

def softmax(X):
    E = torch.exp(X - X.max())
    return E / E.sum(dim=1, keepdim=True)
