"""Returns the weight of nn.Conv2d as it is, (1, 1, kh, kw).

Fails: returns a tensor of shape kernel_size
"""

def learn_kernel(X, Y, kernel_size):
    K = torch.randn(kernel_size, requires_grad=True)
    optimizer = torch.optim.SGD([K], lr=0.5)
    for _ in range(300):
        loss = (F.conv2d(X[None, None], K[None, None])[0, 0] - Y).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return K.detach()[None, None]
