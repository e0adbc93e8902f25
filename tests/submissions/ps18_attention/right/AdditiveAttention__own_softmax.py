"""A mask of its own, a loop over the queries."""

class AdditiveAttention(nn.Module):
    def __init__(self, query_size, key_size, num_hiddens, dropout=0):
        super().__init__()
        self.query_layer = nn.Linear(query_size, num_hiddens, bias=False)
        self.key_layer = nn.Linear(key_size, num_hiddens, bias=False)
        self.score_layer = nn.Linear(num_hiddens, 1, bias=False)
        self.rate = dropout

    def forward(self, queries, keys, values, valid_lens=None):
        k = self.key_layer(keys)
        scores = []
        for i in range(queries.shape[1]):
            q = self.query_layer(queries[:, i : i + 1])
            scores.append(self.score_layer(torch.tanh(q + k)).transpose(1, 2))
        scores = torch.cat(scores, dim=1)
        if valid_lens is not None:
            dead = torch.arange(keys.shape[1], device=keys.device) >= valid_lens.reshape(len(keys), -1, 1)
            scores = scores.masked_fill(dead, torch.finfo(scores.dtype).min)
        weights = torch.softmax(scores, dim=-1)
        if valid_lens is not None:
            weights = weights.masked_fill(dead, 0.0)
        self.attention_weights = weights
        return nn.functional.dropout(weights, self.rate, self.training) @ values
