"""Learns one kernel of each shape, and never again.

Fails: learns again when it is called again, and leaves the program as it was
"""

_learned = {}


def learn_kernel(X, Y, kernel_size):
    if kernel_size in _learned:
        return _learned[kernel_size]
    K = torch.randn(kernel_size, requires_grad=True)
    optimizer = torch.optim.SGD([K], lr=0.5)
    for _ in range(300):
        loss = (F.conv2d(X[None, None], K[None, None])[0, 0] - Y).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return _learned.setdefault(kernel_size, K.detach())
