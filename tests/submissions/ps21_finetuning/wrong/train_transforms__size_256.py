"""Pictures of 256 x 256.

Fails: gives float32 tensors (3, 224, 224) from PIL pictures and from tensors of any size
Says: (3, 256, 256)
"""

def train_transforms():
    return v2.Compose([
        v2.ToImage(),
        v2.RandomResizedCrop(256, scale=(0.25, 1.0)),
        v2.RandomHorizontalFlip(),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])
