"""The spectral norm; a one-element tensor is a number, too."""


def largest_learning_rate(X):
    A = torch.nn.functional.pad(X, (0, 1), value=1.0)
    return 2 / torch.linalg.matrix_norm(A.T @ A / len(A), 2)
