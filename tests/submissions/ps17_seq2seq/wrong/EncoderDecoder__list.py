"""The parts are kept in a list.

Fails: *
"""

class EncoderDecoder(nn.Module):

    def __init__(self, encoder, decoder):
        super().__init__()
        self.parts = [encoder, decoder]

    def forward(self, enc_X, dec_X, *args):
        enc_outputs = self.parts[0](enc_X, *args)
        state = self.parts[1].init_state(enc_outputs, *args)
        return self.parts[1](dec_X, state)
