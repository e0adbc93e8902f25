"""In inference mode, with helpers."""

def _source(sentence, vocab, num_steps):
    tokens = [vocab[word] for word in sentence.lower().split(" ")] + [vocab["<eos>"]]
    length = min(num_steps, len(tokens))
    return torch.tensor([(tokens + num_steps * [vocab["<pad>"]])[:num_steps]]), torch.tensor([length])


def predict_seq2seq(net, src_sentence, src_vocab, tgt_vocab, num_steps):
    net.eval()
    with torch.inference_mode():
        X, length = _source(src_sentence, src_vocab, num_steps)
        state, said = net.decoder.init_state(net.encoder(X, length), length), [tgt_vocab["<bos>"]]
        while len(said) <= num_steps and said[-1] != tgt_vocab["<eos>"]:
            logits, state = net.decoder(torch.tensor([said[-1:]]), state)
            said.append(int(logits.flatten().argmax()))
    said = said[1:]
    return " ".join(tgt_vocab.to_tokens(said[:-1] if said and said[-1] == tgt_vocab["<eos>"] else said))
