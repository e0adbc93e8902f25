"""Half precision.

Fails: gives float32 tensors (3, 224, 224) from PIL pictures and from tensors of any size
Says: gives float16
"""

def test_transforms():
    return v2.Compose([
        v2.ToImage(),
        v2.Resize(256),
        v2.CenterCrop(224),
        v2.ToDtype(torch.float16, scale=True),
        v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])
