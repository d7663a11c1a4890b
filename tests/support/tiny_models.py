"""Tiny randomly initialised BERT models, saved as folders in the layout of Hugging Face."""

from collections.abc import Sequence
from pathlib import Path

WORDS = ("the", "a", "of", "cat", "dog", "sat", "mat", "ran", "home", "far")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def save_tiny_bert(folder: Path, labels: int | None = None, words: Sequence[str] = WORDS, max_tokens: int = 64) -> Path:
    """A bi-encoder's transformer, or with ``labels`` a cross-encoder with that many outputs."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizerFast

    pieces = [*LETTERS, *(f"##{letter}" for letter in LETTERS)]
    vocabulary = dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words, *pieces])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(vocabulary))
    tokenizer = BertTokenizerFast(vocab=str(folder / "vocab.txt"), model_max_length=max_tokens)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=max_tokens,
        **({} if labels is None else {"num_labels": labels}),
    )
    torch.manual_seed(0)
    model = BertModel(config) if labels is None else BertForSequenceClassification(config)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def save_tiny_reader(folder: Path) -> Path:
    """A reader-ranker as ``ReaderRanker.save`` writes it, with weights so large that texts differ in their scores."""
    import torch

    from ranker.training.model import ReaderRanker

    reader = ReaderRanker.from_base(str(save_tiny_bert(folder / "base")))
    with torch.no_grad():
        for weights in reader.module.parameters():
            if weights.ndim > 1:
                weights.mul_(16)
            else:  # as trained: zeros and ones vanish from an exported graph
                weights.add_(0.1 * torch.randn_like(weights))
    reader.save(folder / "torch")
    return folder / "torch"


def export_tiny_reader(folder: Path) -> Path:
    """The same, exported for the bundled scorer."""
    from ranker.training.export import export

    export(save_tiny_reader(folder), folder / "exported")
    return folder / "exported"
