"""Tiny randomly initialised BERT models, saved as folders in the layout of Hugging Face."""

from pathlib import Path

WORDS = ("the", "a", "of", "cat", "dog", "sat", "mat", "ran", "home", "far")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def save_tiny_bert(folder: Path, labels: int | None = None) -> Path:
    """A bi-encoder's transformer, or with ``labels`` a cross-encoder with that many outputs."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizerFast

    pieces = [*LETTERS, *(f"##{letter}" for letter in LETTERS)]
    vocabulary = dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *pieces])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(vocabulary))
    tokenizer = BertTokenizerFast(vocab=str(folder / "vocab.txt"), model_max_length=64)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        **({} if labels is None else {"num_labels": labels}),
    )
    torch.manual_seed(0)
    model = BertModel(config) if labels is None else BertForSequenceClassification(config)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
