"""Keeps the weights of the first call for ever.

Fails: sees the valid keys only, for lengths (n,) and (n, q)
Fails: keeps the weights of the last call, before dropout, in attention_weights
Fails: works on the whole batch at once
Fails: gives the same when it is called again, and shares nothing with a second object
Says: are still those of an earlier call
"""

class DotProductAttention(nn.Module):
    def __init__(self, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.attention_weights = None

    def forward(self, queries, keys, values, valid_lens=None):
        if self.attention_weights is None:
            scores = queries @ keys.transpose(1, 2) / math.sqrt(queries.shape[-1])
            self.attention_weights = masked_softmax(scores, valid_lens)
        return self.dropout(self.attention_weights) @ values
