"""torch.split with a list of sizes; returns tuples."""


def split_batch(X, y, devices):
    assert X.shape[0] == y.shape[0]
    sizes = [len(X) // len(devices) + (i < len(X) % len(devices)) for i in range(len(devices))]
    scatter = lambda T: tuple(t.to(d) for t, d in zip(torch.split(T, sizes), devices))
    return scatter(X), scatter(y)
