"""Tiny models that write text, saved as folders in the layout of Hugging Face: at random, or a text of your own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

WORDS = "the a of cat dog sat mat ran home far keeps order dictionary insertion Answer : . [ ] 1 2"
SPECIAL = ("[PAD]", "[UNK]", "[END]")
MAX_TOKENS = 256
MAX_SCRIPT_TOKENS = 1024
CHAT = "{% for m in messages %}<user>{{ m['content'] }}{% endfor %}<assistant>"
LAST_OF_PROMPT = {"causal": ":", "seq2seq": "[PAD]", "chat": "<assistant>"}
"""What a model sees before the first word it writes; an encoder-decoder begins with its padding."""


def save_tiny_generator(folder: Path, kind: str) -> Path:
    """``causal`` or ``seq2seq``; both read at most ``MAX_TOKENS``. What they write makes no sense, but is text, and
    ends where no more is wanted.
    """
    import torch

    torch.manual_seed(3)
    tokenizer = _tokenizer()
    model = (_causal if kind == "causal" else _seq2seq)(len(tokenizer), MAX_TOKENS)
    model.generation_config.pad_token_id = 0
    model.generation_config.bad_words_ids = [[i] for i in range(len(SPECIAL))]
    model.generation_config.min_new_tokens = 3
    model.generation_config.forced_eos_token_id = SPECIAL.index("[END]")
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def save_scripted_generator(folder: Path, kind: str, script: Sequence[str]) -> Path:
    """``causal``, ``seq2seq`` or ``chat`` (causal with a template): writes the pieces of the script, then ends.

    The pieces must differ: each is a token, and the weights lead from each to the next, whatever else was read.
    """
    import torch

    tokenizer = _tokenizer()
    tokenizer.add_tokens(["<user>", "<assistant>", *script])
    if kind == "chat":
        tokenizer.chat_template = CHAT
    steps = tokenizer.convert_tokens_to_ids([LAST_OF_PROMPT[kind], *script, "[END]"])
    model = (_seq2seq if kind == "seq2seq" else _causal)(len(tokenizer), MAX_SCRIPT_TOKENS, width=128)
    torch.manual_seed(3)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if not name.endswith(("norm.weight", "ln_f.weight")):
                weights.zero_()  # What the layers add is nothing: the last token alone says what comes next.
        words = torch.nn.functional.normalize(torch.randn(len(tokenizer), 128), dim=1)
        model.get_input_embeddings().weight.copy_(words)
        if kind == "seq2seq":  # T5 reads and writes with the same embeddings, so a layer leads on.
            onward = model.decoder.block[0].layer[-1].DenseReluDense
            onward.wi.weight[: len(steps) - 1] = words[steps[:-1]]
            onward.wo.weight[:, : len(steps) - 1] = 9 * words[steps[1:]].T
        else:
            model.get_output_embeddings().weight[steps[1:]] = words[steps[:-1]]
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _tokenizer() -> Any:
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from transformers import PreTrainedTokenizerFast

    words = Tokenizer(WordLevel({word: i for i, word in enumerate([*SPECIAL, *WORDS.split()])}, unk_token="[UNK]"))
    words.pre_tokenizer = Whitespace()
    return PreTrainedTokenizerFast(
        tokenizer_object=words,
        unk_token="[UNK]",
        pad_token="[PAD]",
        eos_token="[END]",
        model_max_length=MAX_SCRIPT_TOKENS,
    )


def _causal(vocabulary: int, max_tokens: int, width: int = 32) -> Any:
    from transformers import GPT2Config, GPT2LMHeadModel

    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=vocabulary,
            n_positions=max_tokens,
            n_embd=width,
            n_layer=2,
            n_head=2,
            bos_token_id=2,
            eos_token_id=2,
            pad_token_id=0,
            tie_word_embeddings=False,
        )
    )


def _seq2seq(vocabulary: int, max_tokens: int, width: int = 32) -> Any:
    from transformers import T5Config, T5ForConditionalGeneration

    return T5ForConditionalGeneration(
        T5Config(
            vocab_size=vocabulary,
            d_model=width,
            n_positions=max_tokens,
            d_kv=16,
            d_ff=2 * width,
            num_layers=2,
            num_heads=2,
            pad_token_id=0,
            eos_token_id=2,
            decoder_start_token_id=0,
        )
    )
