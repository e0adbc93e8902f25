"""One GRU a layer, and dropout between."""

class Seq2SeqEncoder(Encoder):
    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.layers = nn.ModuleList([nn.GRU(embed_size if i == 0 else num_hiddens, num_hiddens) for i in range(num_layers)])
        self.dropout = nn.Dropout(dropout)

    def forward(self, X, *args):
        Y, states = self.embedding(X.T), []
        for i, layer in enumerate(self.layers):
            Y, state = layer(Y if i == 0 else self.dropout(Y))
            states.append(state)
        return Y, torch.cat(states)
