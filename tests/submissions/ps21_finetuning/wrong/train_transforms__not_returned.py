"""The pipeline is applied to nothing and not returned.

Fails: *
"""

def train_transforms():
    pipeline = v2.Compose([
        v2.ToImage(),
        v2.RandomResizedCrop(224, scale=(0.25, 1.0)),
        v2.RandomHorizontalFlip(),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])
