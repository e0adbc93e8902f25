"""Turns everything into float32.

Fails: reads .pt and .pth files
Fails: reads .safetensors files
Fails: takes a Path as well as a string
Fails: weights that were saved on a GPU come to the CPU
Says: has dtype float32
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
        state = load_file(path) if path.suffix == ".safetensors" else torch.load(path, map_location="cpu", weights_only=True)
        return {name: tensor.float() for name, tensor in state.items()}
    except Exception as error:
        raise ValueError(f"the file {source} cannot be read as weights: {error}") from error
