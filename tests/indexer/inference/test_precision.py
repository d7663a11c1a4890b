"""Which precision a CPU computes in is measured once and remembered, wherever that can be done."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.encoders.bundled import FOLDER
from indexer.inference import precision
from indexer.inference.precision import InferenceConfig, Precision, compile_model

OTHER = "another CPU, OpenVINO 1"


@pytest.fixture
def measurements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A CPU that computes bf16 three times as fast; one entry for each compiled model that was timed.

    What a CPU can and how long it takes are replaced because they differ from machine to machine; the models are
    compiled for real, and a CPU without bf16 imitates it.
    """
    timed: list[str] = []

    def seconds(compiled: object) -> float:
        timed.append(type(compiled).__name__)
        return 3.0 if len(timed) % 2 else 1.0

    monkeypatch.setattr(precision, "_seconds", seconds)
    monkeypatch.setattr(precision, "_rounded", lambda core: ["bf16"])
    monkeypatch.setattr(precision, "_measured", {})
    return timed


def start(cache_dir: Path | None, monkeypatch: pytest.MonkeyPatch) -> Precision:
    """What a new process would choose."""
    monkeypatch.setattr(precision, "_measured", {})
    return compile_model(FOLDER / "model.xml", InferenceConfig(cache_dir=cache_dir))[1]


def test_the_next_process_does_not_measure_again(
    tmp_path: Path, measurements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "new" / "cache"
    assert [start(cache, monkeypatch) for _ in range(3)] == ["bf16"] * 3
    assert len(measurements) == 2
    assert sum(file.stat().st_size for file in cache.iterdir()) < 1000


def test_one_process_measures_once_without_a_folder(measurements: list[str]) -> None:
    for _ in range(2):
        assert compile_model(FOLDER / "model.xml", InferenceConfig())[1] == "bf16"
    assert len(measurements) == 2


def test_what_another_machine_or_version_measured_is_kept_but_not_believed(
    tmp_path: Path, measurements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / precision.MEMORY).write_text(json.dumps({OTHER: "f32"}))
    assert start(tmp_path, monkeypatch) == "bf16"
    assert len(measurements) == 2
    kept = json.loads((tmp_path / precision.MEMORY).read_text())
    assert kept.pop(OTHER) == "f32"
    assert list(kept.values()) == ["bf16"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": ', "\x00\x01", "null"])
def test_a_damaged_memory_is_measured_anew_and_mended(
    tmp_path: Path, measurements: list[str], monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    (tmp_path / precision.MEMORY).write_text(content)
    assert [start(tmp_path, monkeypatch) for _ in range(2)] == ["bf16"] * 2
    assert len(measurements) == 2


def test_a_nonsensical_choice_is_measured_anew(
    tmp_path: Path, measurements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    start(tmp_path, monkeypatch)
    known = json.loads((tmp_path / precision.MEMORY).read_text())
    (tmp_path / precision.MEMORY).write_text(json.dumps(dict.fromkeys(known, "f7")))
    assert start(tmp_path, monkeypatch) == "bf16"
    assert len(measurements) == 4


def test_a_folder_that_cannot_be_written_costs_a_measurement_only(
    tmp_path: Path, measurements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert [start(tmp_path / "file" / "cache", monkeypatch) for _ in range(2)] == ["bf16"] * 2
    assert len(measurements) == 4


@pytest.mark.parametrize(
    ("seconds", "chosen"),
    [
        ({"f32": 3.0, "bf16": 2.0, "int8": 1.0}, "int8"),
        ({"f32": 3.0, "bf16": 1.1, "int8": 1.0}, "bf16"),  # the finer one where the coarser gains next to nothing
        ({"f32": 1.1, "bf16": 2.0, "int8": 1.0}, "f32"),
        ({"f32": 3.0, "bf16": 4.0, "int8": 1.0}, "int8"),
    ],
)
def test_the_fastest_is_chosen_and_the_finer_one_where_it_is_close(
    seconds: dict[Precision, float], chosen: Precision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precision, "_seconds", lambda model: model)
    assert precision._fastest(seconds) == chosen


@pytest.mark.parametrize("is_remembered", [False, True])
def test_a_precision_that_fails_leaves_f32(
    tmp_path: Path, measurements: list[str], monkeypatch: pytest.MonkeyPatch, is_remembered: bool
) -> None:
    """As on a virtual machine that shows a CPU without all that it can do."""
    if is_remembered:
        assert start(tmp_path, monkeypatch) == "bf16"

    def fails(graph: object) -> None:
        raise RuntimeError("could not create a primitive descriptor")

    monkeypatch.setattr(precision, "_rounded", lambda core: ["bf16", "int8"])
    monkeypatch.setattr(precision, "with_int8_weights", fails)
    monkeypatch.setattr(precision, "_measured", {})
    config = InferenceConfig(precision="int8", cache_dir=tmp_path if is_remembered else None)
    assert compile_model(FOLDER / "model.xml", config)[1] == "f32"


def encode_as_if_on(instructions: str, cache_home: Path) -> subprocess.CompletedProcess[str]:
    """Encodes in a process that is told to use no newer instructions than these."""
    code = """
import sys
from pathlib import Path
from indexer.encoders.bundled import BundledConfig, BundledEncoder
from indexer.errors import EncoderError
from indexer.inference.precision import InferenceConfig
encoder = BundledEncoder(BundledConfig(InferenceConfig(cache_dir=Path(sys.argv[1]))))
try:
    query, near, far = encoder.encode_passages(["how to open a file", "opening files", "cows eat grass"])
    print(encoder.load().precision, query @ near > 0.4 > query @ far)
except EncoderError as error:
    print(error)
"""
    return subprocess.run(
        [sys.executable, "-c", code, str(cache_home)],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "ONEDNN_MAX_CPU_ISA": instructions},
        capture_output=True,
        text=True,
        check=True,
    )


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="these instructions are of x86-64")
@pytest.mark.parametrize("instructions", ["AVX", "AVX2"])
def test_an_old_cpu_computes_in_f32_even_if_bf16_is_remembered(tmp_path: Path, instructions: str) -> None:
    compile_model(FOLDER / "model.xml", InferenceConfig(cache_dir=tmp_path))
    assert encode_as_if_on(instructions, tmp_path).stdout == "f32 True\n"


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="these instructions are of x86-64")
def test_a_cpu_without_avx_is_told_of_in_one_line(tmp_path: Path) -> None:
    line = encode_as_if_on("SSE41", tmp_path).stdout
    assert line.count("\n") == 1
    assert line.startswith("this CPU cannot run the model ")
    assert "It needs AVX" in line and "encoder.kind" in line
