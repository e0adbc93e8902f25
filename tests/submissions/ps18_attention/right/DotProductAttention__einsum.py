"""einsum, functional dropout that is told the mode, queries scaled first."""

class DotProductAttention(nn.Module):
    def __init__(self, dropout=0):
        super().__init__()
        self.p = dropout
        self.attention_weights = None

    def forward(self, queries, keys, values, valid_lens=None):
        scores = torch.einsum("nqd,nkd->nqk", queries * queries.size(2) ** -0.5, keys)
        weights = masked_softmax(scores, valid_lens)
        self.attention_weights = weights.detach()
        weights = nn.functional.dropout(weights, self.p, training=self.training)
        return torch.einsum("nqk,nkv->nqv", weights, values)
