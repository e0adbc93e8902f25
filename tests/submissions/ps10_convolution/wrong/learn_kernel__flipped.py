"""Returns the kernel of a mathematical convolution.

Fails: finds the edge detector [1, -1] from an image with stripes
Says: the kernel is flipped; here it is laid on as it is
"""

def learn_kernel(X, Y, kernel_size):
    K = torch.randn(kernel_size, requires_grad=True)
    optimizer = torch.optim.SGD([K], lr=0.5)
    for _ in range(300):
        loss = (F.conv2d(X[None, None], K[None, None])[0, 0] - Y).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return K.detach().flip(0, 1)
