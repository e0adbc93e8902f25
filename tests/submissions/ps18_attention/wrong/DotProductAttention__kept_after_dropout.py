"""Keeps the weights after the dropout.

Fails: keeps the weights of the last call, before dropout, in attention_weights
Says: are those after the dropout
"""

class DotProductAttention(nn.Module):
    def __init__(self, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        scores = queries @ keys.transpose(1, 2) / math.sqrt(queries.shape[-1])
        self.attention_weights = self.dropout(masked_softmax(scores, valid_lens))
        return self.attention_weights @ values
