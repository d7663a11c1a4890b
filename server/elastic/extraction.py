"""The ``extraction_rulesets`` of Elastic's crawler.yml as extraction rules."""

from collections.abc import Sequence

from crawler.extract.rules import ExtractionRule
from crawler.extract.rules import FieldRule as OurField
from server.elastic.rules import BadElasticConfig, FieldRule, FieldRuleset

TITLE = "title"
"""A rule for this field names the page itself, as in Elastic's documents."""


def extraction_rules(
    rulesets: Sequence[FieldRuleset], place: str = "extraction_rulesets"
) -> tuple[ExtractionRule, ...]:
    """The same rules; lists become texts with commas, since fields hold texts. Raises BadElasticConfig."""
    try:
        return tuple(_rule(ruleset) for ruleset in rulesets)
    except ValueError as error:
        raise BadElasticConfig(f"{place}: {error}", "Correct the selector") from error


def _rule(ruleset: FieldRuleset) -> ExtractionRule:
    title = next(
        (r.selector for r in ruleset.rules if r.field_name == TITLE and r.source == "html" and not r.value), ""
    )
    fields = tuple(_field(rule) for rule in ruleset.rules if rule.field_name != TITLE or rule.source != "html")
    return ExtractionRule(paths=ruleset.paths, title=title, fields=fields)


def _field(rule: FieldRule) -> OurField:
    separator = ", " if rule.is_list else " "
    if rule.source == "url":
        return OurField(rule.field_name, url_pattern=rule.selector, value=rule.value or "", separator=separator)
    return OurField(rule.field_name, selector=rule.selector, value=rule.value or "", separator=separator)
