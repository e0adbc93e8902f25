"""The sentence does not say which file is damaged.

Fails: a file that cannot be read raises ValueError, with a sentence that names it
"""

def load_backbone(source):
    path = Path(source)
    if path.suffix not in (".safetensors", ".pt", ".pth"):
        try:
            return torchvision.models.get_weight(str(source)).get_state_dict()
        except OSError as error:
            raise ConnectionError(f"the weights {source} could not be downloaded: is there a network?") from error
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {source}")
    try:
        return load_file(path) if path.suffix == ".safetensors" else torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise ValueError("this file cannot be read as weights") from error
