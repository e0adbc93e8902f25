"""A matrix of averages for the rows and one for the columns."""


def averages(size, out, X):
    A = X.new_zeros(out, size)
    for i in range(out):
        start, end = math.floor(i * size / out), math.ceil((i + 1) * size / out)
        A[i, start:end] = 1 / (end - start)
    return A


def adaptive_avg_pool2d(X, output_size):
    if type(output_size) is int:
        output_size = (output_size, output_size)
    return averages(X.shape[2], output_size[0], X) @ X @ averages(X.shape[3], output_size[1], X).T
