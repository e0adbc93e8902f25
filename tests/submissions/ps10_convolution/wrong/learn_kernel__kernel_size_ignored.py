"""Always learns a kernel of 1x2.

Fails: finds kernels of any shape, from any start
Fails: returns a tensor of shape kernel_size
"""

def learn_kernel(X, Y, kernel_size):
    K = torch.randn((1, 2), requires_grad=True)
    optimizer = torch.optim.SGD([K], lr=0.5)
    for _ in range(300):
        loss = (F.conv2d(X[None, None], K[None, None])[0, 0][: Y.shape[0], : Y.shape[1]] - Y).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return K.detach()
