"""By log_softmax and gather."""

class MaskedSoftmaxCELoss(nn.Module):
    def forward(self, pred, label, valid_len):
        mask = torch.arange(pred.size(1), device=pred.device)[None, :] >= valid_len[:, None]
        log_p = torch.log_softmax(pred.masked_fill(mask[..., None], 0.0), dim=-1)
        losses = -log_p.gather(2, label.unsqueeze(2)).squeeze(2)
        return losses.masked_fill(mask, 0.0).mean(1)
