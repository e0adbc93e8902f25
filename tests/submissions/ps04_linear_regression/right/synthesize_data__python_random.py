"""Draws number by number with random.gauss."""

import random


def synthesize_data(w, b, num_examples):
    X = torch.tensor([[random.gauss(0, 1) for _ in w] for _ in range(num_examples)]).reshape(num_examples, len(w))
    noise = torch.tensor([random.gauss(0, 0.01) for _ in range(num_examples)])
    y = torch.matmul(X, w) + b + noise
    return X, y.reshape((-1, 1))
