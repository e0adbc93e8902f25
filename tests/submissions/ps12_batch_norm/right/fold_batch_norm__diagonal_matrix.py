"""The scale as a diagonal matrix that multiplies the flattened kernels, under no_grad."""

@torch.no_grad()
def fold_batch_norm(conv, bn):
    D = torch.diag(bn.weight.div(torch.sqrt(bn.eps + bn.running_var)))
    W = (D @ conv.weight.flatten(1)).reshape(conv.weight.shape)
    b = torch.zeros_like(bn.running_mean) if conv.bias is None else conv.bias
    b = D @ (b - bn.running_mean) + bn.bias
    folded = torch.nn.Conv2d(
        conv.in_channels, conv.out_channels, conv.kernel_size, stride=conv.stride, padding=conv.padding,
        dilation=conv.dilation, groups=conv.groups, dtype=W.dtype, device=W.device,
    )
    folded.load_state_dict({"weight": W, "bias": b})
    return folded
