"""No map_location: weights from a machine with a GPU cannot be read.

Fails: weights that were saved on a GPU come to the CPU
Says: CUDA
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
        return load_file(path) if path.suffix == ".safetensors" else torch.load(path, weights_only=True)
    except Exception as error:
        raise ValueError(f"the file {source} cannot be read as weights: {error}") from error
