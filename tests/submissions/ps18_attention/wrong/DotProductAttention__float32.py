"""Computes in float32.

Fails: gradients are right, for inputs and weights
Fails: keeps the dtype, and takes numbers in any memory order
"""

class DotProductAttention(nn.Module):
    def __init__(self, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        queries, keys, values = queries.float(), keys.float(), values.float()
        scores = queries @ keys.transpose(1, 2) / math.sqrt(queries.shape[-1])
        self.attention_weights = masked_softmax(scores, valid_lens)
        return self.dropout(self.attention_weights) @ values
