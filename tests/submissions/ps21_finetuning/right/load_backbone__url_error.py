"""Only URLError is turned; repr of the error in the sentence."""

def load_backbone(source):
    from urllib.error import URLError
    source = Path(source)
    read = {".safetensors": load_file, ".pt": None, ".pth": None}
    if source.suffix in read:
        if not source.exists():
            raise FileNotFoundError(f"{source} is not a file here")
        try:
            return (read[source.suffix] or (lambda f: torch.load(f, "cpu", weights_only=True)))(source)
        except Exception as e:
            raise ValueError(f"{source} holds no weights: {e!r}") from e
    try:
        return torchvision.models.get_weight(source.name).get_state_dict()
    except URLError as e:
        raise ConnectionError(f"no way to download {source}") from e
