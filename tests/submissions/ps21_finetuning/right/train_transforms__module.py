"""A Module around the pipeline; plain tensors come out."""

class _Train(nn.Module):
    def __init__(self):
        super().__init__()
        self.steps = v2.Compose([
            v2.ToImage(),
            v2.RandomResizedCrop(224, (0.25, 1.0)),
            v2.RandomHorizontalFlip(),
            v2.ToDtype(torch.float, True),
            v2.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        ])

    def forward(self, x):
        return self.steps(x).as_subclass(torch.Tensor)


def train_transforms():
    return _Train()
