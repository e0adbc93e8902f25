"""Builds the whole network of torchvision and takes its state dict."""

def load_backbone(source):
    path = Path(source)
    if path.suffix in {".pt", ".pth", ".safetensors"}:
        if not path.exists():
            raise FileNotFoundError(f"no weights found at {path}: is the path right?")
        try:
            if path.suffix == ".safetensors":
                return load_file(str(path))
            return torch.load(str(path), map_location="cpu")
        except Exception as error:
            raise ValueError(f"{path} could not be read ({type(error).__name__}).")
    name = str(source).split("_Weights")[0].lower()
    try:
        return torchvision.models.get_model(name, weights=str(source)).state_dict()
    except OSError as error:
        raise ConnectionError(f"there is no network to get {source} from") from error
