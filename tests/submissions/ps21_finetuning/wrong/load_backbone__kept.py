"""Keeps what it has read: a file that was written anew gives the old weights.

Fails: reads a file anew each time
Says: gives what it held before
"""

from functools import lru_cache

@lru_cache
def read(path):
    return load_file(path) if path.endswith(".safetensors") else torch.load(path, map_location="cpu", weights_only=True)

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
        return read(str(path))
    except Exception as error:
        raise ValueError(f"the file {source} cannot be read as weights: {error}") from error
