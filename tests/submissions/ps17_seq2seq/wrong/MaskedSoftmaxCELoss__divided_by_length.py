"""Divided by the valid length.

Fails: *
Says: the sum is divided by the valid length
"""

class MaskedSoftmaxCELoss(nn.Module):

    def forward(self, pred, label, valid_len):
        pred = sequence_mask(pred, valid_len)
        losses = nn.functional.cross_entropy(pred.transpose(1, 2), label, reduction="none")
        return sequence_mask(losses, valid_len).sum(dim=1) / valid_len.clamp(min=1)
