"""Goes up the gradient.

Fails: finds the edge detector [1, -1] from an image with stripes
Fails: finds kernels of any shape, from any start
Fails: X and Y are left as they were
"""

def learn_kernel(X, Y, kernel_size):
    K = torch.randn(kernel_size, requires_grad=True)
    optimizer = torch.optim.SGD([K], lr=0.5, maximize=True)
    for _ in range(300):
        loss = (F.conv2d(X[None, None], K[None, None])[0, 0] - Y).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return K.detach()
