"""Counts in a Python loop, which this exercise allows."""

def accuracy(y_hat, y):
    right = 0
    for row, label in zip(y_hat.tolist(), y.tolist()):
        guess = row.index(max(row)) if isinstance(row, list) else row
        right += guess == label
    return right
