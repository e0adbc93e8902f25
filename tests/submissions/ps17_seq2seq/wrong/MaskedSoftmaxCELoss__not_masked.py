"""Padding is not masked.

Fails: *
Says: padding counts like a token
"""

class MaskedSoftmaxCELoss(nn.Module):

    def forward(self, pred, label, valid_len):
        losses = nn.functional.cross_entropy(pred.transpose(1, 2), label, reduction="none")
        return losses.mean(dim=1)
