"""No positions.

Fails: has two embeddings, num_layers blocks with weights of their own, a last norm and a linear layer with bias
"""


class TinyGPT(nn.Module):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, max_len, dropout=0):
        super().__init__()
        self.max_len = max_len
        self.token_embedding = nn.Embedding(vocab_size, num_hiddens)
        self.blocks = nn.ModuleList(PreNormBlock(num_hiddens, ffn_num_hiddens, num_heads, dropout) for _ in range(num_layers))
        self.norm = nn.LayerNorm(num_hiddens)
        self.dense = nn.Linear(num_hiddens, vocab_size)

    def forward(self, tokens):
        X = self.token_embedding(tokens)
        for block in self.blocks:
            X = block(X)
        return self.dense(self.norm(X))
