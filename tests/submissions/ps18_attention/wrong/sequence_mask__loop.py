"""A loop over the sequences.

Fails: works on the whole batch at once
Says: it loops over the batch
"""

def sequence_mask(X, valid_len, value=0):
    Y = X.clone()
    for i, length in enumerate(valid_len):
        Y[i, length:] = value
    return Y
