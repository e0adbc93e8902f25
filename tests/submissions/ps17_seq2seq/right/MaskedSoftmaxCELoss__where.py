"""torch.where."""

class MaskedSoftmaxCELoss(nn.Module):
    def forward(self, pred, label, valid_len):
        n, T, v = pred.shape
        valid = torch.arange(T, device=pred.device).repeat(n, 1) < valid_len.reshape(-1, 1)
        pred = torch.where(valid.unsqueeze(-1), pred, torch.zeros_like(pred))
        losses = nn.functional.cross_entropy(pred.reshape(n * T, v), label.reshape(n * T), reduction="none").reshape(n, T)
        return (losses * valid).sum(dim=1) / T
