"""From the state_dict, by names, as clones."""

def lstm_from_torch(layer):
    weights = layer.state_dict()
    W_ii, W_if, W_ig, W_io = torch.chunk(weights["weight_ih_l0"], 4)
    W_hi, W_hf, W_hg, W_ho = torch.chunk(weights["weight_hh_l0"], 4)
    b_i, b_f, b_g, b_o = torch.chunk(weights["bias_ih_l0"] + weights["bias_hh_l0"], 4)
    rows = [W_ii.T, W_hi.T, b_i, W_if.T, W_hf.T, b_f, W_io.T, W_ho.T, b_o, W_ig.T, W_hg.T, b_g]
    return [row.clone().contiguous() for row in rows]
