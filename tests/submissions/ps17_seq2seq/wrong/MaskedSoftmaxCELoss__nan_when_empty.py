"""0/0 for the length 0.

Fails: is the sum of a sentence's losses at its valid steps, divided by T
Fails: what stands in pred behind the valid length does not matter, NaN and infinity included
Fails: stays finite for large scores
"""

class MaskedSoftmaxCELoss(nn.Module):

    def forward(self, pred, label, valid_len):
        pred = sequence_mask(pred, valid_len)
        losses = nn.functional.cross_entropy(pred.transpose(1, 2), label, reduction="none")
        return sequence_mask(losses, valid_len).sum(dim=1) / valid_len * (valid_len / label.shape[1])
