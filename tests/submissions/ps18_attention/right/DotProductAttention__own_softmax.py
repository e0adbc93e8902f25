"""A mask and a softmax of its own."""

class DotProductAttention(nn.Module):
    def __init__(self, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(p=dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        n, q, d = queries.shape
        scores = queries.matmul(keys.mT).div(d**0.5)
        if valid_lens is not None:
            hidden = torch.arange(keys.shape[1], device=keys.device) >= valid_lens.view(n, -1, 1)
            scores = scores.masked_fill(hidden, torch.finfo(scores.dtype).min)
            weights = scores.softmax(-1).masked_fill(hidden, 0)
        else:
            weights = scores.softmax(-1)
        self.attention_weights = weights
        return self.dropout(weights).matmul(values)
