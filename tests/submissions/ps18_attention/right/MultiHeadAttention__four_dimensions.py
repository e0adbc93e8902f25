"""Everything inline, with a head dimension of its own."""

class MultiHeadAttention(nn.Module):
    def __init__(self, query_size, key_size, value_size, num_hiddens, num_heads, dropout=0, bias=False):
        super().__init__()
        self.h = num_heads
        self.project = nn.ModuleList([nn.Linear(size, num_hiddens, bias=bias) for size in (query_size, key_size, value_size, num_hiddens)])
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        n = queries.shape[0]
        q, k, v = (layer(X).reshape(n, X.shape[1], self.h, -1).transpose(1, 2) for layer, X in zip(self.project, (queries, keys, values)))
        scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
        if valid_lens is not None:
            dead = torch.arange(k.shape[2], device=k.device) >= valid_lens.reshape(n, 1, -1, 1)
            scores = scores.masked_fill(dead, torch.finfo(scores.dtype).min)
        weights = scores.softmax(dim=-1)
        if valid_lens is not None:
            weights = weights.masked_fill(dead, 0)
        out = (self.dropout(weights) @ v).transpose(1, 2).flatten(2)
        return self.project[3](out)
