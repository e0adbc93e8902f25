"""Writes into pred.

Fails: leaves its inputs unchanged
"""

class MaskedSoftmaxCELoss(nn.Module):

    def forward(self, pred, label, valid_len):
        with torch.no_grad():
            pred.copy_(sequence_mask(pred, valid_len))
        losses = nn.functional.cross_entropy(pred.transpose(1, 2), label, reduction="none")
        return sequence_mask(losses, valid_len).mean(dim=1)
