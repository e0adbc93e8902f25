"""SGD with momentum, gradients set to None by hand."""

def learn_kernel(X, Y, kernel_size):
    K = torch.randn(*kernel_size).requires_grad_(True)
    velocity = torch.zeros(*kernel_size)
    for step in range(400):
        loss = ((F.conv2d(X.view(1, 1, *X.shape), K.view(1, 1, *K.shape)).squeeze() - Y.squeeze()) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            velocity = 0.8 * velocity + K.grad
            K -= 0.1 * velocity
        K.grad = None
    return K.detach().clone()
