"""Cells, step by step."""

class Seq2SeqEncoder(Encoder):
    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.cells = nn.ModuleList([nn.GRUCell(embed_size if i == 0 else num_hiddens, num_hiddens) for i in range(num_layers)])
        self.dropout = nn.Dropout(dropout)

    def forward(self, X, *args):
        steps, states = self.embedding(X.T).unbind(0), []
        for i, cell in enumerate(self.cells):
            H, outputs = None, []
            for step in steps:
                H = cell(self.dropout(step) if i > 0 else step, H)
                outputs.append(H)
            steps = outputs
            states.append(H)
        return torch.stack(steps), torch.stack(states)
