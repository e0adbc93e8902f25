"""Four steps: too few for most kernels. (the notes take ten, 000 §2.2.2)

Fails: finds the edge detector [1, -1] from an image with stripes
Fails: finds kernels of any shape, from any start
"""

def learn_kernel(X, Y, kernel_size):
    K = torch.zeros(kernel_size, requires_grad=True)
    for _ in range(4):
        loss = (F.conv2d(X[None, None], K[None, None])[0, 0] - Y).square().sum()
        loss.backward()
        with torch.no_grad():
            K -= 3e-2 * K.grad
            K.grad.zero_()
    return K.detach()
