"""The mean of the flattened input, and reshape."""


class CenteredLayer(nn.Module):
    def __init__(self):
        super(CenteredLayer, self).__init__()
        self.calls = 0

    def forward(self, input):
        self.calls += 1
        flat = input.reshape(-1)
        return (flat - flat.mean()).reshape(input.shape)
