"""Labels behind the length are ignored by number 0.

Fails: is the sum of a sentence's losses at its valid steps, divided by T
Fails: what stands in pred behind the valid length does not matter, NaN and infinity included
"""

class MaskedSoftmaxCELoss(nn.Module):

    def forward(self, pred, label, valid_len):
        pred = sequence_mask(pred, valid_len)
        losses = nn.functional.cross_entropy(pred.transpose(1, 2), label, reduction="none", ignore_index=0)
        return sequence_mask(losses, valid_len).mean(dim=1)
