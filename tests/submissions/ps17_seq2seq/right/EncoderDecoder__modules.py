"""Also known under other names."""

class EncoderDecoder(nn.Module):
    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.add_module("encoder", encoder)
        self.add_module("decoder", decoder)

    def read(self, enc_X, *args):
        return self.decoder.init_state(self.encoder(enc_X, *args), *args)

    def forward(self, enc_X, dec_X, *args, **options):
        state = self.read(enc_X, *args)
        return self.decoder(dec_X, state)
