"""matmul that keeps the rows of the image as a batch."""

def corr2d_multi_in_out_1x1(X, K):
    return torch.matmul(K[:, :, 0, 0], X.transpose(0, 1)).transpose(0, 1)
