"""Steps in a list, keyword arguments."""

def test_transforms():
    mean = [0.485, 0.456, 0.406]
    std = [0.229, 0.224, 0.225]
    steps = [
        v2.ToImage(),
        v2.Resize(size=256, antialias=True),
        v2.CenterCrop(size=(224, 224)),
        v2.ToDtype(dtype=torch.float32, scale=True),
        v2.Normalize(mean=mean, std=std),
    ]
    return v2.Compose(steps)
