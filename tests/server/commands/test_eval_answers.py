"""recollect eval-answers, over the index of tests/site."""

from pathlib import Path

from tests.server.conftest import Indexed, Recollect


def test_figures_and_a_report_to_read(recollect: Recollect, indexed: Indexed, tmp_path: Path) -> None:
    questions, report = tmp_path / "q.tsv", tmp_path / "report.html"
    questions.write_text("How long does a restore of 200 GB take?\tforty minutes\nWho wrote Hamlet?\tREFUSE\n")
    ran = recollect("eval-answers", questions, "--data", indexed.data, "--report", report, "--json")
    assert ran.status == 0, ran.err
    assert (ran.json["helpful"], ran.json["answerable"], ran.json["wrongly_answered"]) == (1, 1, 0)
    assert ran.json["groundedness"] == 1.0 and "p95" in ran.json["ms"]
    assert "How long does a restore of 200 GB take?" in report.read_text("utf-8")


def test_a_file_that_holds_no_questions_is_one_clear_line(
    recollect: Recollect, indexed: Indexed, tmp_path: Path
) -> None:
    (tmp_path / "q.tsv").write_text("")
    ran = recollect("eval-answers", tmp_path / "q.tsv", "--data", indexed.data)
    assert ran.status == 1 and "holds no question" in ran.err
