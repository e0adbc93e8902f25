"""NumPy's float64 labels are left as they are.

Fails: gives X (n, d) and y (n, 1), float32, with y near Xw + b
"""

import numpy as np


def synthesize_data(w, b, num_examples):
    X = torch.normal(0, 1, (num_examples, len(w)))
    y = X @ w + b + torch.from_numpy(np.random.normal(0, 0.01, num_examples))
    return X, y.reshape(-1, 1)
