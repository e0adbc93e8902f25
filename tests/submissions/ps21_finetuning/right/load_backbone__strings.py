"""Strings and os.path, an if for each kind."""

def load_backbone(source):
    source = str(source)
    if source.endswith((".pt", ".pth", ".safetensors")):
        if not os.path.exists(source):
            raise FileNotFoundError("The file " + source + " does not exist.")
        try:
            if source.endswith(".safetensors"):
                state = load_file(source, device="cpu")
            else:
                state = torch.load(source, map_location=torch.device("cpu"), weights_only=True)
        except Exception as e:
            raise ValueError("The file " + source + " is damaged or does not hold weights.") from e
        return state
    weights = torchvision.models.get_weight(source)
    try:
        return weights.get_state_dict(progress=False)
    except Exception as e:
        raise ConnectionError("Could not download " + source + ", please check the network.") from e
