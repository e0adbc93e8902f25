"""np.unique and np.add.at."""

import numpy as np


def merge_twins(W1, b1, W2):
    units = np.concatenate([W1.numpy(), b1.numpy()[:, None]], axis=1)
    rows, twin = np.unique(units, axis=0, return_inverse=True)
    out = np.zeros((len(rows), len(W2)), dtype=units.dtype)
    np.add.at(out, twin.ravel(), W2.numpy().T)
    rows = torch.from_numpy(rows)
    return rows[:, :-1], rows[:, -1], torch.from_numpy(out).T
