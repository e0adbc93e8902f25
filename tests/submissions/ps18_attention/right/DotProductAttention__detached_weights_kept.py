"""Keeps a copy of the weights without a graph."""


class DotProductAttention(nn.Module):
    def __init__(self, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(p=dropout)
        self.attention_weights = None

    def forward(self, queries, keys, values, valid_lens=None):
        d = queries.shape[-1]
        weights = masked_softmax(torch.matmul(queries / math.sqrt(d), keys.mT), valid_lens)
        self.attention_weights = weights.detach().clone()
        return torch.matmul(self.dropout(weights), values)
