"""One sample after the other.

Fails: works on the whole batch at once
"""


def pool_one(X, output_size):
    oh, ow = (output_size, output_size) if isinstance(output_size, int) else output_size
    h, w = X.shape[2:]
    rows = []
    for i in range(oh):
        top, bottom = i * h // oh, -(-(i + 1) * h // oh)
        windows = [X[:, :, top:bottom, j * w // ow : -(-(j + 1) * w // ow)] for j in range(ow)]
        rows.append(torch.stack([window.mean(dim=(2, 3)) for window in windows], dim=-1))
    return torch.stack(rows, dim=-2)


def adaptive_avg_pool2d(X, output_size):
    return torch.cat([pool_one(x[None], output_size) for x in X])
