"""Normalises with mean 0.5 and std 0.5.

Fails: values are brought to [0, 1] and then normalised with mean and std of ImageNet
Says: mean and std are 0.5
"""

def train_transforms():
    return v2.Compose([
        v2.ToImage(),
        v2.RandomResizedCrop(224, scale=(0.25, 1.0)),
        v2.RandomHorizontalFlip(),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    ])
