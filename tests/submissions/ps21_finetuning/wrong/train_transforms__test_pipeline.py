"""The test pipeline: nothing random.

Fails: a random box of 25 % to 100 % of the area is stretched to 224 x 224
Fails: every other picture is mirrored, left to right
Says: nothing is cropped at random
"""

def train_transforms():
    return v2.Compose([
        v2.ToImage(),
        v2.Resize(256),
        v2.CenterCrop(224),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])
