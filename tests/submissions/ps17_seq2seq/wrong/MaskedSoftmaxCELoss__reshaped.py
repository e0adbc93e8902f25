"""Reshaped instead of transposed.

Fails: *
Says: pred is reshaped to (n, v, T)
"""

class MaskedSoftmaxCELoss(nn.Module):

    def forward(self, pred, label, valid_len):
        pred = sequence_mask(pred, valid_len)
        losses = nn.functional.cross_entropy(pred.reshape(pred.shape[0], pred.shape[2], pred.shape[1]), label, reduction="none")
        return sequence_mask(losses, valid_len).mean(dim=1)
