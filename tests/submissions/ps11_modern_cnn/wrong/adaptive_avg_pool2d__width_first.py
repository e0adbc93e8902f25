"""Height and width of the result are exchanged.

Fails: each number is the mean of its window, also where windows share a row
Fails: the result may be larger than X, or as large
Says: height and width of the result are exchanged
"""


def adaptive_avg_pool2d(X, output_size):
    oh, ow = (output_size, output_size) if isinstance(output_size, int) else output_size[::-1]
    h, w = X.shape[2:]
    rows = []
    for i in range(oh):
        top, bottom = i * h // oh, -(-(i + 1) * h // oh)
        windows = [X[:, :, top:bottom, j * w // ow : -(-(j + 1) * w // ow)] for j in range(ow)]
        rows.append(torch.stack([window.mean(dim=(2, 3)) for window in windows], dim=-1))
    return torch.stack(rows, dim=-2)
