"""Normalises values from 0 to 255, and scales them afterwards.

Fails: values are brought to [0, 1] and then normalised with mean and std of ImageNet
Says: normalised first and brought to [0, 1] afterwards
"""

def train_transforms():
    return v2.Compose([
        v2.ToImage(),
        v2.RandomResizedCrop(224, scale=(0.25, 1.0)),
        v2.RandomHorizontalFlip(),
        v2.ToDtype(torch.float32),
        v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        v2.Lambda(lambda X: X / 255),
    ])
