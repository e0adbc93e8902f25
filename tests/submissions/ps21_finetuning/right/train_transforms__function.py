"""A plain function that normalises by hand."""

def train_transforms():
    crop = v2.Compose([v2.ToImage(), v2.RandomResizedCrop((224, 224), scale=(0.25, 1.0), ratio=(3 / 4, 4 / 3)), v2.RandomHorizontalFlip()])
    mean = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
    std = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)

    def transform(picture):
        X = torch.as_tensor(crop(picture)).float() / 255
        return (X - mean) / std

    return transform
