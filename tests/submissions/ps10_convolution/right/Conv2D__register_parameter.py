"""register_parameter, the old form of super, and windows in the forward pass."""

class Conv2D(torch.nn.Module):
    def __init__(self, kernel_size):
        super(Conv2D, self).__init__()
        h, w = kernel_size
        self.register_parameter("weight", torch.nn.Parameter(torch.randn(h, w) * 0.1))
        self.register_parameter("bias", torch.nn.Parameter(torch.zeros(1)))

    def forward(self, image):
        h, w = self.weight.shape
        windows = image.unfold(0, h, 1).unfold(1, w, 1)
        return torch.einsum("ijab,ab->ij", windows, self.weight) + self.bias
