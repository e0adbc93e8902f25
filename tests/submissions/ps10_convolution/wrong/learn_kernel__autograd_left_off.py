"""Switches autograd off at the end, for the whole program.

Fails: learns again when it is called again, and leaves the program as it was
"""

def learn_kernel(X, Y, kernel_size):
    torch.set_grad_enabled(True)
    K = torch.randn(kernel_size, requires_grad=True)
    optimizer = torch.optim.SGD([K], lr=0.5)
    for _ in range(300):
        loss = (F.conv2d(X[None, None], K[None, None])[0, 0] - Y).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    torch.set_grad_enabled(False)
    return K
