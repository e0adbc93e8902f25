"""A while loop with a flag, and sums in place of products."""

def perceptron(X, y, max_epochs):
    w = X.new_zeros(X.size(1))
    b = X.new_zeros(1)
    n_updates, epoch, changed = 0, 0, True
    while changed and epoch < max_epochs:
        changed = False
        for xi, yi in zip(X, y):
            score = (w * xi).sum() + b
            if (yi * score).item() <= 0:
                w += yi * xi
                b += yi
                n_updates += 1
                changed = True
        epoch += 1
    return w, b, n_updates
