"""The linear layer has no bias.

Fails: has an embedding, num_layers blocks with weights of their own, and a linear layer with bias
"""


class TransformerDecoder(nn.Module):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout=0, use_bias=False):
        super().__init__()
        self.num_hiddens, self.num_layers = num_hiddens, num_layers
        self.embedding = nn.Embedding(vocab_size, num_hiddens)
        self.positions = PositionalEncoding(num_hiddens)
        self.blocks = nn.ModuleList(DecoderBlock(num_hiddens, ffn_num_hiddens, num_heads, dropout, i, use_bias) for i in range(num_layers))
        self.dense = nn.Linear(num_hiddens, vocab_size, bias=False)

    def init_state(self, enc_outputs, enc_valid_lens=None, *args):
        return [enc_outputs, enc_valid_lens, [None] * self.num_layers]

    def forward(self, X, state):
        cache = state[2][0]
        offset = 0 if cache is None else cache.shape[1]
        X = self.positions(self.embedding(X) * math.sqrt(self.num_hiddens), offset)
        for block in self.blocks:
            X, state = block(X, state)
        return self.dense(X), state
