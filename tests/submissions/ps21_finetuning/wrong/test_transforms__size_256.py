"""Pictures of 256 x 256.

Fails: gives float32 tensors (3, 224, 224) from PIL pictures and from tensors of any size
Fails: the shorter side becomes 256, and the middle 224 x 224 is kept
Says: (3, 256, 256)
"""

def test_transforms():
    return v2.Compose([
        v2.ToImage(),
        v2.Resize(256),
        v2.CenterCrop(256),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])
