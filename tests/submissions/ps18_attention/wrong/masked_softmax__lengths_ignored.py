"""The lengths are not used.

Fails: one length for each sequence: shape (n,)
Fails: one length for each query: shape (n, q)
Fails: a length of 0 gives a row of zeros, and no NaN in the gradients
Says: the lengths are ignored
"""

def masked_softmax(X, valid_lens=None):
    return torch.softmax(X, dim=-1)
