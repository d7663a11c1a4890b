"""A generator on this machine: a Hugging Face model, encoder-decoder (T5 and such) or causal (chat models)."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from queue import Empty
from typing import Any

from crawler.errors import MissingExtra
from rag.config import TransformersGeneratorConfig
from rag.errors import GeneratorInterrupted, GeneratorUnavailable
from rag.generator import Pieces, Prompt
from rag.generators.instructions import INSTRUCTIONS, question_block
from rag.generators.thoughts import begins_thinking, without_thoughts

STOP_WAIT_S = 5.0
"""So long a reader waits for a model's current step when it closes; one that hangs is left behind."""

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
        """Words as the model makes them, the likeliest at each step, without what it thinks."""
        loaded = self._load()
        from transformers import TextIteratorStreamer

        streamer = TextIteratorStreamer(
            loaded.tokenizer, skip_prompt=True, timeout=self._config.timeout_s, skip_special_tokens=True
        )
        inputs, is_thinking = self._inputs(loaded, prompt)
        work = _Work(loaded, inputs, streamer, self._config)
        has_begun = False
        work.start()
        try:
            for piece in without_thoughts(_pieces(work, streamer), is_thinking):
                has_begun = True
                yield piece
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

    def _inputs(self, loaded: _Loaded, prompt: Prompt) -> tuple[Any, bool]:
        """The prompt with as many passages as fit, at least the beginning of one; whether it begins a thought."""
        while True:
            text = _dressed(loaded, question_block(prompt))
            inputs = _tokens(loaded, text)
            shorter = _shortened(prompt)
            if inputs["input_ids"].shape[1] <= loaded.max_input_tokens or shorter is None:
                return inputs, begins_thinking(text)
            prompt = shorter


def _shortened(prompt: Prompt) -> Prompt | None:
    """Without the last passage, or with half of the only one; None where there is nothing left to leave out."""
    if len(prompt.passages) > 1:
        return replace(prompt, passages=prompt.passages[:-1])
    *_, only = prompt.passages
    return replace(prompt, passages=(replace(only, text=only.text[: len(only.text) // 2]),)) if only.text else None


def _pieces(work: "_Work", streamer: Any) -> Iterator[str]:
    """What the streamer gives; then whatever has gone wrong. Raises Empty where nothing comes in time."""
    yield from streamer
    work.join()
    if work.error is not None:
        raise work.error


class _Work(threading.Thread):
    """Runs the model beside the reader of its text; ``stop`` ends it at the next word."""

    def __init__(self, loaded: _Loaded, inputs: Any, streamer: Any, config: TransformersGeneratorConfig) -> None:
        super().__init__(daemon=True)
        self.error: Exception | None = None
        self._loaded = loaded
        self._inputs = inputs
        self._streamer = streamer
        self._max_tokens = config.max_tokens
        self._until = time.monotonic() + config.answer_timeout_s
        self._stop_asked = threading.Event()

    def run(self) -> None:
        """Generate; whatever goes wrong is kept for the reader, who must not wait for ever."""
        try:
            written = self._loaded.model.generate(
                **self._inputs,
                streamer=self._streamer,
                max_new_tokens=self._max_tokens,
                do_sample=False,
                stopping_criteria=[self._stopping],
            )
            if not _is_ended(self._loaded.model, written[0]):
                self.error = ValueError("the text was cut off: it is too long or takes too long")
        except (RuntimeError, ValueError, IndexError, MemoryError) as error:
            self.error = error
            self._streamer.end()

    def stop(self) -> None:
        """End the work and wait for its end, unless the model hangs."""
        self._stop_asked.set()
        self.join(STOP_WAIT_S)

    def _stopping(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        import torch

        is_over = self._stop_asked.is_set() or time.monotonic() > self._until
        return torch.full((input_ids.shape[0],), is_over, dtype=torch.bool, device=input_ids.device)


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


def _is_ended(model: Any, written: Any) -> bool:
    """Whether the model ended its text itself."""
    ends = model.generation_config.eos_token_id
    return int(written[-1]) in (ends if isinstance(ends, list) else [ends])


def _dressed(loaded: _Loaded, text: str) -> str:
    """Instructions and text, for a chat model in its own dress; some know no part but the user's.

    Models that can go without thinking, such as Qwen3, are asked to; other templates take no notice.
    """
    text = f"{INSTRUCTIONS}\n\n{text}"
    if not loaded.tokenizer.chat_template:
        return f"{text}\nAnswer:"
    messages = [{"role": "user", "content": text}]
    return str(
        loaded.tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=True, enable_thinking=False
        )
    )


def _tokens(loaded: _Loaded, text: str) -> Any:
    """Inputs on the model's device; a chat template has written its special tokens itself."""
    inputs = loaded.tokenizer(
        text, return_tensors="pt", add_special_tokens=not loaded.tokenizer.chat_template, verbose=False
    )
    # Other inputs that some tokenizers give, such as token types, are refused by models that do not know them.
    return {name: inputs[name].to(loaded.model.device) for name in ("input_ids", "attention_mask")}
