"""Only the first is handed on.

Fails: hands all further arguments to the encoder and to init_state
Says: only the first of the further arguments is handed on
"""

class EncoderDecoder(nn.Module):

    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, enc_X, dec_X, *args):
        enc_outputs = self.encoder(enc_X, *args[:1])
        state = self.decoder.init_state(enc_outputs, *args[:1])
        return self.decoder(dec_X, state)
