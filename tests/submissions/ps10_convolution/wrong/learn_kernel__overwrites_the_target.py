"""Writes its last prediction into Y.

Fails: X and Y are left as they were
"""

def learn_kernel(X, Y, kernel_size):
    K = torch.randn(kernel_size, requires_grad=True)
    optimizer = torch.optim.SGD([K], lr=0.5)
    for _ in range(300):
        loss = (F.conv2d(X[None, None], K[None, None])[0, 0] - Y).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    Y.copy_(F.conv2d(X[None, None], K.detach()[None, None])[0, 0] * 0.5)
    return K.detach()
