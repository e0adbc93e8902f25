"""The library's URLError reaches the student.

Fails: without a network it raises ConnectionError, with a sentence that names the weights
Says: raised URLError
"""

def load_backbone(source):
    path = Path(source)
    if path.suffix not in (".safetensors", ".pt", ".pth"):
        return torchvision.models.get_weight(str(source)).get_state_dict()
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {source}")
    try:
        return load_file(path) if path.suffix == ".safetensors" else torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise ValueError(f"the file {source} cannot be read as weights: {error}") from error
