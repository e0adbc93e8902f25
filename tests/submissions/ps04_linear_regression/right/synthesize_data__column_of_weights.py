"""Makes a column of w first; noise by scaling randn."""


def synthesize_data(w, b, num_examples):
    column = w.reshape(-1, 1)
    X = torch.empty(num_examples, column.shape[0]).normal_()
    return X, torch.mm(X, column) + b + 0.01 * torch.randn(num_examples, 1)
