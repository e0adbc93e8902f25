"""A function that works step by step."""

def test_transforms():
    def transform(picture):
        X = v2.functional.to_image(picture)
        X = v2.functional.resize(X, [256])
        X = v2.functional.center_crop(X, [224, 224])
        X = v2.functional.to_dtype(X, torch.float32, scale=True)
        return v2.functional.normalize(X, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])

    return transform
