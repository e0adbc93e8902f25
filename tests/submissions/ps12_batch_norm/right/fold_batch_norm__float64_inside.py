"""Computes in float64, rounds once at the end."""

def fold_batch_norm(conv, bn):
    folded = nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, conv.dilation, conv.groups).to(conv.weight)
    with torch.no_grad():
        scale = bn.weight.double() / torch.sqrt(bn.running_var.double() + bn.eps)
        bias = torch.zeros(conv.out_channels).to(conv.weight) if conv.bias is None else conv.bias
        folded.weight.copy_(conv.weight * scale.reshape(-1, 1, 1, 1))
        folded.bias.copy_((bias.double() - bn.running_mean.double()) * scale + bn.bias.double())
    return folded
