"""A query encoder: trained on what is prepared, compared, and installed if it gains and harms nothing."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.inference.phrases import FILE, phrases_of, save_phrases
from ranker.evaluation.guard import guarded
from ranker.training.group import Group, read_groups
from ranker.training.joint.config import JointConfig
from ranker.training.joint.phrases import ASKED, attention_for
from ranker.training.joint.pool import lessons, pool_of, vectors_of
from ranker.training.joint.preference import preferences
from ranker.training.joint.query_encoder import QueryEncoder
from ranker.training.joint.train import Course, Found, found_by, train_queries
from ranker.training.mine import MineConfig
from ranker.training.prepare import Prepared, part_file, read_passages
from server.assemble import bundled_encoder, encoder_folder
from server.installing import Place, install
from server.settings.config import Config
from server.trained import present_scorer

PLACE = Place("query-encoder", "encoder", "query_model", "encoder")
MINED = MineConfig(bands=((0, 1), (1, 3), (3, 6)))
"""What the reader reads beside the right passage: more than a few would take longer than all the rest."""

MAX_LOSS = 0.01
"""Of nDCG@10 on a guard: less is not told from chance on a few hundred questions."""

MOST_PASSAGES = 100_000
"""Beyond them phrases are left out: their file grows by some 1.5 kB a passage and is held in memory."""

Report = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Trained:
    """The folder of the exported model, what it was trained on, and how the held-out lessons fare with it in torch."""

    model: Path
    course: Course
    found: Found


def trained(
    config: Config,
    prepared: Sequence[Prepared],
    out: Path,
    settings: JointConfig,
    report: Report,
    follow: Callable[[str, dict[str, Any]], None],
) -> Trained:
    """Read, encode and train on what was prepared in ``out/data``; export to ``out/model``."""
    kept = _groups(prepared, out / "data", "groups")
    held = _groups(prepared, out / "data", "held")
    scorer = present_scorer(config)
    read = preferences(kept, scorer, out / "preferences.jsonl", lambda done, total: report("Reading", done, total))
    whole = [text for one in prepared for text in read_passages(out / "data", one.name)]
    pool = list(dict.fromkeys([*whole, *pool_of(kept), *pool_of(held)]))
    encoder = bundled_encoder()
    vectors = vectors_of(pool, encoder, out / "vectors", lambda done, total: report("Encoding", done, total))
    unread = [[0.0] * len(group.passages) for group in held]
    course = Course(vectors, lessons(kept, read, pool), lessons(held, unread, pool))
    learner = QueryEncoder.load(encoder_folder(), settings.layers)
    found = train_queries(settings, learner, course, out, lambda record: follow("joint", record))
    learner.export(out / "model")
    _add_phrases(out / "model", pool[: len(set(whole))], course)
    return Trained(out / "model", course, found)


def _add_phrases(model: Path, passages: Sequence[str], course: Course) -> None:
    """Put beside the model what these first passages of the course say of phrases, if questions of training gain."""
    (model / FILE).unlink(missing_ok=True)
    if not 0 < len(passages) <= MOST_PASSAGES:
        return
    encoder, some = bundled_encoder(model), course.kept[:ASKED]
    pieces, queries = encoder.load().pieces, [lesson.query for lesson in some]
    phrases = phrases_of(pieces(passages), course.vectors[: len(passages)])
    attention = attention_for(phrases, some, encoder.encode_queries(queries), pieces(queries), course.vectors)
    if attention is not None:
        save_phrases(phrases, attention, model)


def compared(result: Trained, guards: Sequence[Path], judgements: str, out: Path, report: Report) -> dict[str, Any]:
    """What queries find before and after, among the passages of the data and in the collections that guard.

    Keys: model, passages, questions, before, after, guards, gains, harms, notes.
    """
    before, after = bundled_encoder(), bundled_encoder(result.model)
    held = result.course.held
    found = {
        name: found_by(
            encoder.encode_queries([lesson.query for lesson in held]),
            result.course.vectors,
            [lesson.right for lesson in held],
        )
        for name, encoder in (("before", before), ("after", after))
        if held
    }
    watched = [
        guarded((folder, judgements), before, after.encode_queries, out / "vectors", _named(report, folder))
        for folder in guards
    ]
    return {
        "model": str(result.model.resolve()),
        "passages": len(result.course.vectors),
        "questions": len(held),
        **{side: _figures(one) for side, one in found.items()},
        "guards": [asdict(one) for one in watched],
        "gains": bool(found) and found["after"].recall > found["before"].recall,
        "harms": [one.name for one in watched if one.loss > MAX_LOSS],
        "notes": [] if found else ["Nothing was held out, so nothing was compared"],
    }


def installed(report: dict[str, Any], config_file: Path | None) -> list[str]:
    """``install`` it where it gains and harms nothing; what was done, in lines for a person."""
    if not report["gains"]:
        return ["The model is not installed: it finds no more of the held-out questions' passages"]
    if report["harms"]:
        return [f"The model is not installed: it finds less in {', '.join(report['harms'])}"]
    return install(Path(report["model"]), PLACE, config_file)


def _named(report: Report, folder: Path) -> Callable[[int, int], None]:
    return lambda done, total: report(f"Encoding {folder.name}", done, total)


def _figures(found: Found) -> dict[str, float]:
    return {"recall@5": round(found.recall, 4), "mrr": round(found.mrr, 4)}


def _groups(prepared: Sequence[Prepared], data: Path, part: str) -> list[Group]:
    return [group for one in prepared for group in read_groups(part_file(data, one.name, part))]
