"""Scales to float32 first, then crops."""

def train_transforms():
    return v2.Compose([
        v2.ToImage(),
        v2.ToDtype(torch.float32, scale=True),
        v2.RandomResizedCrop(224, (0.25, 1.0)),
        v2.RandomHorizontalFlip(0.5),
        v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])
