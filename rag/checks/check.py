"""All checks of a claim against its evidence, and whether two texts state the same facts. Pure functions."""

from collections.abc import Callable

from rag.checks.aligned import aligned_mismatches
from rag.checks.comparisons import comparison_mismatches
from rag.checks.dates import date_mismatches, without_dates
from rag.checks.markup import markup_mismatches
from rag.checks.mismatch import Mismatch
from rag.checks.names import added_mismatches, name_mismatches
from rag.checks.numbers import number_mismatches
from rag.checks.polarity import negation_mismatches
from rag.checks.roles import role_mismatches
from rag.checks.scope import condition_mismatches, quantifier_mismatches
from rag.checks.versions import version_mismatches

_IN_ANY_LANGUAGE: tuple[Callable[[str, str, str | None], list[Mismatch]], ...] = (negation_mismatches, role_mismatches)
_IN_ENGLISH: tuple[Callable[[str, str, str | None], list[Mismatch]], ...] = (
    comparison_mismatches,
    quantifier_mismatches,
    condition_mismatches,
)


def mismatches(claim: str, evidence: str, language: str | None = None, context: str = "") -> tuple[Mismatch, ...]:
    """What ``claim`` has otherwise than ``evidence``, the sentences that are to bear it out; empty where nothing.

    ``context`` is what the evidence takes as known, such as its title and headings: it may name things, versions and
    dates of the claim. ``language`` is the evidence's (ISO 639-1; None means English). A claim without a mismatch need
    not be true: these are the facts that can be told from words alone.
    """
    everything = f"{context}\n{evidence}" if context else evidence
    dateless, given = without_dates(claim), without_dates(evidence)
    found = [
        *date_mismatches(claim, everything),
        *version_mismatches(dateless, given, context),
        *number_mismatches(dateless, f"{given}\n{context}", language),
        *name_mismatches(claim, everything, language),
        *markup_mismatches(claim, evidence),
        *aligned_mismatches(claim, evidence),
        *(each for check in _IN_ANY_LANGUAGE for each in check(claim, evidence, language)),
    ]
    if language in (None, "en"):
        found += [each for check in _IN_ENGLISH for each in check(dateless, given, language)]
        found += added_mismatches(dateless, everything, language)
    return tuple(dict.fromkeys(found))
