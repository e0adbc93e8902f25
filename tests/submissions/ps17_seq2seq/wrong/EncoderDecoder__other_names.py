"""The parts have other names.

Fails: keeps the parts as encoder and decoder
Says: is not the encoder that it was made with
"""

class EncoderDecoder(nn.Module):

    def __init__(self, encoder, decoder):
        super().__init__()
        self.enc = encoder
        self.dec = decoder

    def forward(self, enc_X, dec_X, *args):
        enc_outputs = self.enc(enc_X, *args)
        state = self.dec.init_state(enc_outputs, *args)
        return self.dec(dec_X, state)
