"""A crop at a random place.

Fails: the same picture gives the same result every time
Fails: the shorter side becomes 256, and the middle 224 x 224 is kept
Says: something random is in the pipeline
"""

def test_transforms():
    return v2.Compose([
        v2.ToImage(),
        v2.Resize(256),
        v2.RandomCrop(224),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])
