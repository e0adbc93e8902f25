"""F.linear with the channels last."""

def corr2d_multi_in_out_1x1(X, K):
    return F.linear(X.permute(1, 2, 0), K[:, :, 0, 0]).permute(2, 0, 1)
