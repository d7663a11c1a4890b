"""Compiles a model for this CPU, in the precision that measures fastest of those that the CPU computes."""

import json
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from indexer.errors import EncoderError
from indexer.inference.int8 import GROUP, with_int8_weights

logger = logging.getLogger(__name__)

Precision = Literal["f32", "bf16", "int8"]

ROUNDED: dict[Precision, str] = {"bf16": "BF16", "int8": "INT8"}
"""Precisions that round, the finer one first, and what OpenVINO calls a CPU's capability to compute in them."""

WORTHWHILE_SPEEDUP = 1.15
"""A precision that rounds more is taken only where it gains more than a measurement's noise."""

CPU_CURE = (
    "It needs AVX, as x86-64 CPUs since about 2013 have; elsewhere set encoder.kind to http or hashing, "
    "and scorer.kind to http or none"
)

MAX_STREAMS = 8
"""Batches computed side by side; each holds its own working memory."""

MEMORY = "precision.json"
"""The compiled model is not kept too: it would save a tenth of a second for 45 MB whose damage nobody notices."""

_measured: dict[str, Precision] = {}


@dataclass(frozen=True, slots=True)
class InferenceConfig:
    """How to run a model on the CPU.

    ``precision`` None measures once and remembers the choice in ``cache_dir``; None there remembers it while this
    process lives.
    ``threads`` None means all cores this process may use. ``batch_tokens`` bounds one batch, its padding included.
    """

    batch_tokens: int = 1024
    threads: int | None = None
    precision: Precision | None = None
    cache_dir: Path | None = None


def threads_of(config: InferenceConfig) -> int:
    """Threads to compute with; at least one."""
    if config.threads is not None:
        return max(1, config.threads)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def streams_of(config: InferenceConfig) -> int:
    """Batches computed side by side."""
    return min(threads_of(config), MAX_STREAMS)


def compile_model(
    path: Path, config: InferenceConfig, prepare: Callable[[Any], None] | None = None
) -> tuple[Any, Precision]:
    """The compiled model of a .xml file and the precision it computes in; ``prepare`` may change its graph before.

    Raises EncoderError if it cannot load.
    """
    import openvino

    options: dict[str, Any] = {
        "INFERENCE_NUM_THREADS": threads_of(config),
        "NUM_STREAMS": str(streams_of(config)),
    }

    def compiled(precision: Precision) -> Any:
        """Run once, since some CPUs are found wanting only then."""
        model = core.read_model(path)
        if prepare is not None:
            prepare(model)
        hints: dict[str, Any] = {"INFERENCE_PRECISION_HINT": precision}
        if precision == "int8":
            with_int8_weights(model)
            hints = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": GROUP}
        candidate = core.compile_model(model, "CPU", options | hints)
        _run(candidate.create_infer_request(), texts=1)
        return candidate

    def tried(precision: Precision) -> Any | None:
        try:
            return compiled(precision)
        except RuntimeError as error:
            # A CPU may show capabilities that it lacks, as virtual machines do.
            logger.info("%s does not work on this CPU (%s)", precision, _last_line(error))
            return None

    try:
        core = openvino.Core()
        core.read_model(path)
    except RuntimeError as error:
        raise EncoderError(f"the model {path} cannot be loaded: {_last_line(error)}") from error
    try:
        able = _rounded(core)  # never imitated
        device = core.get_property("CPU", "FULL_DEVICE_NAME")
        machine = f"{device}, OpenVINO {openvino.__version__}, f32 or {' or '.join(able)}"
        known = config.precision or _measured.get(machine) or _remembered(config.cache_dir, machine)
        if known in able:
            model = tried(known)
            return (model, known) if model is not None else (compiled("f32"), "f32")
        models: dict[Precision, Any] = {"f32": compiled("f32")}
        if known is None:
            models |= {precision: model for precision in able if (model := tried(precision)) is not None}
        if len(models) == 1:
            return models["f32"], "f32"
        fastest = _fastest(models)
        _measured[machine] = fastest
        _remember(config.cache_dir, machine, fastest)
        return models[fastest], fastest
    except RuntimeError as error:
        raise EncoderError(f"this CPU cannot run the model {path}: {_last_line(error)}", CPU_CURE) from error


def _rounded(core: Any) -> list[Precision]:
    """The precisions besides f32 that the CPU computes in."""
    able = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return [precision for precision, capability in ROUNDED.items() if capability in able]


def _fastest(models: dict[Precision, Any]) -> Precision:
    """Of models from the finest to the coarsest; a coarser one must be faster by more than noise."""
    best, best_s = next((precision, _seconds(model)) for precision, model in models.items())
    f32_s = best_s
    for precision, model in list(models.items())[1:]:
        took_s = _seconds(model)
        logger.info("%s is %.2f times as fast as f32 on this CPU", precision, f32_s / took_s)
        if best_s / took_s >= WORTHWHILE_SPEEDUP:
            best, best_s = precision, took_s
    return best


def _seconds(compiled: Any) -> float:
    """Best of three runs over a few texts, after one run that builds the kernels."""
    request = compiled.create_infer_request()
    times = []
    for _ in range(4):
        start = time.perf_counter()
        _run(request, texts=4)
        times.append(time.perf_counter() - start)
    return min(times[1:])


def _run(request: Any, texts: int) -> None:
    """Let the model read so many texts of 64 tokens."""
    values = (1, 1, 0)  # token ids, attention mask, token types
    request.infer([np.full((texts, 64), value, dtype=np.int64) for value in values[: len(request.model_inputs)]])


def _last_line(error: RuntimeError) -> str:
    return str(error).strip().splitlines()[-1]


def _remembered(cache_dir: Path | None, machine: str) -> Precision | None:
    choice = _choices(cache_dir).get(machine) if cache_dir is not None else None
    return choice if choice in ("f32", *ROUNDED) else None


def _choices(cache_dir: Path) -> dict[str, Any]:
    """Machine -> precision; empty where nothing readable is remembered."""
    try:
        choices = json.loads((cache_dir / MEMORY).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return choices if isinstance(choices, dict) else {}


def _remember(cache_dir: Path | None, machine: str, choice: Precision) -> None:
    """A folder that cannot be written costs the next process a measurement, nothing else."""
    if cache_dir is None:
        return
    fresh = cache_dir / f"{MEMORY}.{os.getpid()}"
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(_choices(cache_dir) | {machine: choice}), "utf-8")
        fresh.replace(cache_dir / MEMORY)
    except OSError as error:
        logger.info("the measured precision is not remembered: %s", error)
