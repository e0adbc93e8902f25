"""Mask times loss, as in the book.

Fails: what stands in pred behind the valid length does not matter, NaN and infinity included
Fails: the gradient behind the valid length is exactly 0, whatever stands there
"""

class MaskedSoftmaxCELoss(nn.Module):

    def forward(self, pred, label, valid_len):
        losses = nn.functional.cross_entropy(pred.transpose(1, 2), label, reduction="none")
        return (losses * sequence_mask(torch.ones_like(losses), valid_len)).mean(dim=1)
