"""torch.hub by the address of the weights; errors by the library where they are right already."""

import urllib.error

def load_backbone(source):
    suffix = os.path.splitext(str(source))[1]
    if suffix == ".safetensors":
        try:
            return load_file(source)
        except FileNotFoundError:
            raise FileNotFoundError(f"there is no file named {source}") from None
        except Exception:
            raise ValueError(f"{source} is not a safetensors file") from None
    if suffix in (".pt", ".pth"):
        try:
            return dict(torch.load(source, map_location=lambda storage, place: storage, weights_only=True))
        except FileNotFoundError:
            raise
        except Exception:
            raise ValueError(f"{source} is not a file of weights") from None
    url = torchvision.models.get_weight(source).url
    try:
        return torch.hub.load_state_dict_from_url(url, map_location="cpu", progress=False, weights_only=True)
    except urllib.error.URLError:
        raise ConnectionError(f"{source}: {url} cannot be reached from here") from None
