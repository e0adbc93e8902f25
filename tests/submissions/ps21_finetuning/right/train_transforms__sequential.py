"""nn.Sequential of transforms; the flip comes before the crop."""

def train_transforms():
    mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    return nn.Sequential(
        v2.ToImage(),
        v2.RandomHorizontalFlip(),
        v2.RandomResizedCrop(224, scale=(0.25, 1.0)),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize(mean, std),
    )
