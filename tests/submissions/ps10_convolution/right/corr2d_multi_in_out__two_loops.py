"""corr2d in two loops, without the previous exercise."""

def corr2d_multi_in_out(X, K):
    maps = []
    for kernel in K:
        total = 0
        for c in range(kernel.shape[0]):
            total = total + corr2d(X[c], kernel[c])
        maps.append(total)
    return torch.stack(maps, 0)
