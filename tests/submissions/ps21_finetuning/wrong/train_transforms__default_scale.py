"""The default scale of torchvision, from 8 %.

Fails: a random box of 25 % to 100 % of the area is stretched to 224 x 224
Says: at least 0.25
"""

def train_transforms():
    return v2.Compose([
        v2.ToImage(),
        v2.RandomResizedCrop(224),
        v2.RandomHorizontalFlip(),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])
