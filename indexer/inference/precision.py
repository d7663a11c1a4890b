"""Compiles a model for this CPU, in bf16 where the CPU computes it and it measures faster."""

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

logger = logging.getLogger(__name__)

Precision = Literal["f32", "bf16"]

WORTHWHILE_SPEEDUP = 1.15
"""bf16 rounds, so it is taken only where it gains more than a measurement's noise."""

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

    def tried(precision: Precision) -> Any:
        """Compiled, and run once, since some CPUs are found wanting only then."""
        candidate = core.compile_model(model, "CPU", {**options, "INFERENCE_PRECISION_HINT": precision})
        _run(candidate.create_infer_request(), texts=1)
        return candidate

    try:
        core = openvino.Core()
        model = core.read_model(path)
    except RuntimeError as error:
        raise EncoderError(f"the model {path} cannot be loaded: {_last_line(error)}") from error
    if prepare is not None:
        prepare(model)
    try:
        wanted = config.precision if _computes_bf16(core) else "f32"  # never imitated
        if wanted is not None:
            return tried(wanted), wanted
        machine = f"{core.get_property('CPU', 'FULL_DEVICE_NAME')}, OpenVINO {openvino.__version__}"
        known = _measured.get(machine) or _remembered(config.cache_dir, machine)
        if known == "f32":
            return tried("f32"), "f32"
        try:
            bf16 = tried("bf16")
        except RuntimeError as error:
            # A virtual machine may show a CPU without all that it can do.
            logger.info("bf16 does not work on this CPU: computing in f32 (%s)", _last_line(error))
            return tried("f32"), "f32"
        return (bf16, "bf16") if known else _faster(tried("f32"), bf16, machine, config.cache_dir)
    except RuntimeError as error:
        raise EncoderError(f"this CPU cannot run the model {path}: {_last_line(error)}", CPU_CURE) from error


def _computes_bf16(core: Any) -> bool:
    return "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _faster(f32: Any, bf16: Any, machine: str, cache_dir: Path | None) -> tuple[Any, Precision]:
    speedup = _seconds(f32) / _seconds(bf16)
    choice: Precision = "bf16" if speedup >= WORTHWHILE_SPEEDUP else "f32"
    logger.info("bf16 is %.2f times as fast as f32 on this CPU: computing in %s", speedup, choice)
    _measured[machine] = choice
    _remember(cache_dir, machine, choice)
    return (bf16 if choice == "bf16" else f32), choice


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
    return choice if choice in ("f32", "bf16") else None


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
