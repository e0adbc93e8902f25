"""Reshapes without moving: head 0 gets whole steps.

Fails: each head gets its share of every step
Fails: the heads of a sequence stand together in the batch
Says: the numbers are only reshaped and never moved: head 0 gets whole steps
"""

def transpose_qkv(X, num_heads):
    n, T, h = X.shape
    return X.reshape(n * num_heads, T, h // num_heads)
