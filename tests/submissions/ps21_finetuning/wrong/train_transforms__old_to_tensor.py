"""The old ToTensor in place of ToImage and ToDtype: it takes PIL pictures only.

Fails: gives float32 tensors (3, 224, 224) from PIL pictures and from tensors of any size
"""

def train_transforms():
    T = torchvision.transforms
    return T.Compose([
        T.ToTensor(),
        T.RandomResizedCrop(224, scale=(0.25, 1.0)),
        T.RandomHorizontalFlip(),
        T.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])
