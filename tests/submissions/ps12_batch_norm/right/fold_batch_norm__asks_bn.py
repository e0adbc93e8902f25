"""Finds the bias by asking the normalisation what it makes of the bias."""

def fold_batch_norm(conv, bn):
    result = nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, conv.dilation, conv.groups)
    result = result.to(device=conv.weight.device, dtype=conv.weight.dtype)
    with torch.no_grad():
        start = torch.zeros(conv.out_channels).to(conv.weight) if conv.bias is None else conv.bias
        shift = bn(start.reshape(1, -1, 1, 1)).flatten()
        for j in range(conv.out_channels):
            result.weight[j] = conv.weight[j] * bn.weight[j] / torch.sqrt(bn.running_var[j] + bn.eps)
            result.bias[j] = shift[j]
    return result
