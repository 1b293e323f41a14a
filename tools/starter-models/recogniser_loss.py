"""What the recogniser is trained for: the text, and as helpers the phoneme of every frame and the place of every word."""
import torch
from torch.nn import functional as F

from recogniser_batches import IGNORE, Batch

PHONES_ONLY = 300  # first steps, for which only the encoder learns


def losses(model, batch: Batch, with_text: bool):
    """(text, phones, alignment) losses of a batch; text and alignment are 0 unless `with_text`."""
    with torch.autocast("cpu", torch.bfloat16):
        audio = model.encoder(batch.mel)
        phone_logits = model.phone_logits(audio)
        logits, scores = model.decoder(batch.tokens, audio) if with_text else (None, None)
    phones = F.cross_entropy(phone_logits.float().flatten(0, 1), batch.phones.flatten(), ignore_index=IGNORE)
    if not with_text:
        return torch.zeros(()), phones, torch.zeros(())
    text = F.cross_entropy(logits.float().flatten(0, 1), batch.targets.flatten(), ignore_index=IGNORE, label_smoothing=0.05)
    return text, phones, alignment_loss(scores, batch.spans)


def alignment_loss(scores, spans) -> torch.Tensor:
    """How little the first head of each decoder layer looks at the place of the word that it is about to write."""
    places = torch.arange(scores[0].shape[-1])
    inside = (places >= spans[..., :1]) & (places <= spans[..., 1:])
    known = inside.any(-1)
    total = 0.0
    for layer in scores:
        head = layer[:, 0].float()
        within = head.masked_fill(~inside, -1e4).logsumexp(-1)
        total = total + (head.logsumexp(-1) - within)[known].mean()
    return total / len(scores)


def gradients(model, batch: Batch, part: float, step: int) -> torch.Tensor:
    """Leaves the gradients of a batch in the model and returns its three losses.

    `part` of the training has passed: the helpers guide the start, the text decides the end.
    """
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    text, phones, alignment = losses(model, batch, step >= PHONES_ONLY)
    (text + (0.5 - 0.3 * part) * phones + (0.3 if part < 0.3 else 0.1) * alignment).backward()
    return torch.stack([text.detach(), phones.detach(), alignment.detach()])
