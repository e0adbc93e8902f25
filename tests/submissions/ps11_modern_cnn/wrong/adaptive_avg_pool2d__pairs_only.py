"""An int is not taken.

Fails: an int stands for both sizes; 1 gives the mean of the whole map
"""


def adaptive_avg_pool2d(X, output_size):
    oh, ow = output_size
    h, w = X.shape[2:]
    rows = []
    for i in range(oh):
        top, bottom = i * h // oh, -(-(i + 1) * h // oh)
        windows = [X[:, :, top:bottom, j * w // ow : -(-(j + 1) * w // ow)] for j in range(ow)]
        rows.append(torch.stack([window.mean(dim=(2, 3)) for window in windows], dim=-1))
    return torch.stack(rows, dim=-2)
