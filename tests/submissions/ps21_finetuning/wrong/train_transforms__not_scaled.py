"""Without scale=True: values stay between 0 and 255.

Fails: values are brought to [0, 1] and then normalised with mean and std of ImageNet
Says: never brought to [0, 1]
"""

def train_transforms():
    return v2.Compose([
        v2.ToImage(),
        v2.RandomResizedCrop(224, scale=(0.25, 1.0)),
        v2.RandomHorizontalFlip(),
        v2.ToDtype(torch.float32, scale=False),
        v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])
