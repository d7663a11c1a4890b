"""The shipped models as torch models with the very same weights, so that other libraries can be measured on them.

sentence-transformers gets them as an encoder with mean pooling, and as a cross-encoder whose classifier is the
reader-ranker's relevance head.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from indexer.inference.model_folder import file_of
from ranker.training.exported import bert_config, heads, read_graph, weights


def bert_folder(model: Path, out: Path) -> Path:
    """The transformer of an exported model in Hugging Face's layout; with a relevance head also that, as classifier."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizerFast

    graph = read_graph(model)
    state = {name: torch.tensor(value) for name, value in weights(graph).items()}
    config = BertConfig(**bert_config(graph, state), num_labels=1)
    if "pooler.dense.weight" in state:
        twin: Any = BertForSequenceClassification(config)
        weight, bias = heads(graph)[0]
        head = {"weight": torch.tensor(weight)[None], "bias": torch.tensor([bias])}
        twin.bert.load_state_dict(state)
        twin.classifier.load_state_dict(head)
    else:
        twin = BertModel(config, add_pooling_layer=False)
        twin.load_state_dict(state)
    twin.save_pretrained(out)
    shutil.copy(file_of(model, "tokenizer.json"), out / "tokenizer.json")
    longest = json.loads((model / "model.json").read_text())["max_tokens"]
    BertTokenizerFast(tokenizer_file=str(out / "tokenizer.json"), model_max_length=longest).save_pretrained(out)
    return out
