"""A generator on this machine: a Hugging Face model, encoder-decoder (T5 and such) or causal (chat models)."""

import threading
from dataclasses import dataclass
from queue import Empty
from typing import Any

from crawler.errors import MissingExtra
from rag.config import TransformersGeneratorConfig
from rag.errors import GeneratorInterrupted, GeneratorUnavailable
from rag.generator import Pieces, Prompt
from rag.generators.instructions import INSTRUCTIONS, question_block

CURE = "Check the name or folder of the generator's model, and the memory of this machine"


@dataclass(slots=True)
class _Loaded:
    model: Any
    tokenizer: Any
    max_input_tokens: int


class TransformersGenerator:
    """One model, loaded at first use and shared by all threads."""

    def __init__(self, config: TransformersGeneratorConfig) -> None:
        self._config = config
        self._loaded: _Loaded | None = None
        self._loading = threading.Lock()

    @property
    def name(self) -> str:
        """The model's name or folder."""
        return self._config.model

    def generate(self, prompt: Prompt) -> Pieces:
        """Words as the model makes them, the likeliest at each step."""
        loaded = self._load()
        from transformers import TextIteratorStreamer

        streamer = TextIteratorStreamer(
            loaded.tokenizer, skip_prompt=True, timeout=self._config.timeout_s, skip_special_tokens=True
        )
        work = _Work(loaded, self._inputs(loaded, prompt), streamer, self._config.max_tokens)
        has_begun = False
        work.start()
        try:
            for piece in streamer:
                if piece:
                    has_begun = True
                    yield piece
            work.join()
            if work.error is not None:
                raise work.error
        except (RuntimeError, ValueError, IndexError, MemoryError, Empty) as error:
            reason = str(error) or f"nothing for {self._config.timeout_s} s"
            if has_begun:
                raise GeneratorInterrupted(f"The model {self.name} stopped midway ({reason})", CURE) from error
            raise GeneratorUnavailable(f"The model {self.name} writes nothing ({reason})", CURE) from error
        finally:
            work.stop()

    def _load(self) -> _Loaded:
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(self._config)
            return self._loaded

    def _inputs(self, loaded: _Loaded, prompt: Prompt) -> Any:
        """The prompt with as many passages as fit, at least one."""
        for count in range(len(prompt.passages), 0, -1):
            inputs = _tokens(loaded, question_block(prompt, count))
            if inputs["input_ids"].shape[1] <= loaded.max_input_tokens:
                return inputs
        return _tokens(loaded, question_block(prompt, 1), max_length=loaded.max_input_tokens)


class _Work(threading.Thread):
    """Runs the model beside the reader of its text; ``stop`` ends it at the next word."""

    def __init__(self, loaded: _Loaded, inputs: Any, streamer: Any, max_tokens: int) -> None:
        super().__init__(daemon=True)
        self.error: Exception | None = None
        self._loaded = loaded
        self._inputs = inputs
        self._streamer = streamer
        self._max_tokens = max_tokens
        self._stop_asked = threading.Event()

    def run(self) -> None:
        """Generate; whatever goes wrong is kept for the reader, who must not wait for ever."""
        try:
            self._loaded.model.generate(
                **self._inputs,
                streamer=self._streamer,
                max_new_tokens=self._max_tokens,
                do_sample=False,
                stopping_criteria=[self._stopping],
            )
        except (RuntimeError, ValueError, IndexError, MemoryError) as error:
            self.error = error
            self._streamer.end()

    def stop(self) -> None:
        """End the work and wait for its end."""
        self._stop_asked.set()
        self.join()

    def _stopping(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        import torch

        return torch.full((input_ids.shape[0],), self._stop_asked.is_set(), dtype=torch.bool, device=input_ids.device)


def _load(config: TransformersGeneratorConfig) -> _Loaded:
    try:
        import torch
        from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer
    except ImportError as error:
        raise MissingExtra("The transformers generator", "torch") from error
    device = config.device or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        settings = AutoConfig.from_pretrained(config.model)
        kind: Any = AutoModelForSeq2SeqLM if settings.is_encoder_decoder else AutoModelForCausalLM
        tokenizer = AutoTokenizer.from_pretrained(config.model)
        model = kind.from_pretrained(config.model, dtype="auto").to(device).eval()
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise GeneratorUnavailable(f"The model {config.model} cannot be loaded ({error})", CURE) from error
    return _Loaded(model, tokenizer, _max_input_tokens(config, settings))


def _max_input_tokens(config: TransformersGeneratorConfig, settings: Any) -> int:
    """What the model can read; a causal model writes into the same window."""
    positions: int | None = getattr(settings, "max_position_embeddings", None)
    if not positions:
        return config.max_input_tokens
    room = positions if settings.is_encoder_decoder else positions - config.max_tokens
    return max(1, min(config.max_input_tokens, room))


def _tokens(loaded: _Loaded, text: str, max_length: int | None = None) -> Any:
    """Inputs on the model's device, for a chat model in its own dress; some know no part but the user's."""
    text = f"{INSTRUCTIONS}\n\n{text}"
    if loaded.tokenizer.chat_template:
        messages = [{"role": "user", "content": text}]
        text = loaded.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    else:
        text = f"{text}\nAnswer:"
    inputs = loaded.tokenizer(
        text, return_tensors="pt", truncation=max_length is not None, max_length=max_length, verbose=False
    )
    # Other inputs that some tokenizers give, such as token types, are refused by models that do not know them.
    return {name: inputs[name].to(loaded.model.device) for name in ("input_ids", "attention_mask")}
