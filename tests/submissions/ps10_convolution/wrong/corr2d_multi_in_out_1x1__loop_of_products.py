"""One product for each output channel.

Fails: one matrix product, no loop
"""

def corr2d_multi_in_out_1x1(X, K):
    (c_in, h, w), c_out = X.shape, K.shape[0]
    return torch.stack([(K[o].reshape(1, c_in) @ X.reshape(c_in, h * w)).reshape(h, w) for o in range(c_out)])
