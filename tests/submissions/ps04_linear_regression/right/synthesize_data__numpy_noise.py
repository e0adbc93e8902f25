"""The noise comes from NumPy, as in the second set of notes."""

import numpy as np


def synthesize_data(w, b, num_examples):
    features = torch.randn(num_examples, len(w), dtype=torch.float32)
    labels = (features * w).sum(dim=1) + b
    labels += torch.tensor(np.random.normal(0, 0.01, size=labels.size()), dtype=torch.float32)
    return features, labels.unsqueeze(1)
