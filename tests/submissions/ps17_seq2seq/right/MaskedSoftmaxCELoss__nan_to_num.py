"""NaN and infinity are made finite first; what stands behind the valid length does not matter then."""


class MaskedSoftmaxCELoss(nn.Module):

    def forward(self, pred, label, valid_len):
        pred = pred.nan_to_num()
        losses = nn.functional.cross_entropy(pred.transpose(1, 2), label, reduction="none")
        return sequence_mask(losses, valid_len).mean(dim=1)
