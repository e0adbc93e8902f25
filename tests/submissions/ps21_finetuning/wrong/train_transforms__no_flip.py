"""The flip is missing.

Fails: every other picture is mirrored, left to right
Says: 0 of 60 results are mirrored
"""

def train_transforms():
    return v2.Compose([
        v2.ToImage(),
        v2.RandomResizedCrop(224, scale=(0.25, 1.0)),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])
