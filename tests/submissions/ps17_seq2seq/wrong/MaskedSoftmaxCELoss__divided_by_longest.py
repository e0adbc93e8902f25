"""Divides by the largest valid length.

Fails: is the sum of a sentence's losses at its valid steps, divided by T
Says: the largest valid length
"""


class MaskedSoftmaxCELoss(nn.Module):
    def forward(self, pred, label, valid_len):
        pred = sequence_mask(pred, valid_len)
        losses = nn.functional.cross_entropy(pred.transpose(1, 2), label, reduction="none")
        return sequence_mask(losses, valid_len).sum(dim=1) / valid_len.max()
