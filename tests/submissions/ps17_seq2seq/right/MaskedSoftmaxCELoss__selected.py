"""Only the valid steps are looked at."""

class MaskedSoftmaxCELoss(nn.Module):
    def forward(self, pred, label, valid_len):
        valid = torch.arange(label.shape[1], device=label.device) < valid_len[:, None]
        losses = torch.zeros(label.shape, dtype=pred.dtype, device=pred.device)
        losses = losses.masked_scatter(valid, nn.functional.cross_entropy(pred[valid], label[valid], reduction="none"))
        return losses.mean(dim=1)
