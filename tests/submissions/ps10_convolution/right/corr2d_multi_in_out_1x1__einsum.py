"""einsum over the channel."""

def corr2d_multi_in_out_1x1(X, K):
    return torch.einsum("oc,chw->ohw", K.squeeze(-1).squeeze(-1), X)
