"""Tiny randomly initialised models that write text, saved as folders in the layout of Hugging Face."""

from pathlib import Path
from typing import Any

WORDS = "the a of cat dog sat mat ran home far keeps order dictionary insertion Answer : . [ ] 1 2"
SPECIAL = ("[PAD]", "[UNK]", "[END]")
MAX_TOKENS = 256


def save_tiny_generator(folder: Path, kind: str) -> Path:
    """``causal`` or ``seq2seq``; both read at most ``MAX_TOKENS``. What they write makes no sense, but is text."""
    import torch

    torch.manual_seed(3)
    tokenizer = _tokenizer()
    model = (_causal if kind == "causal" else _seq2seq)(len(tokenizer))
    model.generation_config.pad_token_id = 0
    model.generation_config.bad_words_ids = [[i] for i in range(len(SPECIAL))]
    model.generation_config.min_new_tokens = 3
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
        tokenizer_object=words, unk_token="[UNK]", pad_token="[PAD]", eos_token="[END]", model_max_length=MAX_TOKENS
    )


def _causal(vocabulary: int) -> Any:
    from transformers import GPT2Config, GPT2LMHeadModel

    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=vocabulary,
            n_positions=MAX_TOKENS,
            n_embd=32,
            n_layer=2,
            n_head=2,
            bos_token_id=2,
            eos_token_id=2,
        )
    )


def _seq2seq(vocabulary: int) -> Any:
    from transformers import T5Config, T5ForConditionalGeneration

    return T5ForConditionalGeneration(
        T5Config(
            vocab_size=vocabulary,
            d_model=32,
            d_kv=16,
            d_ff=64,
            num_layers=2,
            num_heads=2,
            pad_token_id=0,
            eos_token_id=2,
            decoder_start_token_id=0,
        )
    )
