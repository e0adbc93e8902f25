"""weights_only=False: code in a file is run.

Fails: runs no code that hides in a file
Says: the code was run
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
        return load_file(path) if path.suffix == ".safetensors" else torch.load(path, map_location="cpu", weights_only=False)
    except Exception as error:
        raise ValueError(f"the file {source} cannot be read as weights: {error}") from error
