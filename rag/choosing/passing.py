"""Does a section speak of many things in passing: what a release changed, where else something stands? Pure."""

import re
from collections.abc import Iterable

from rag.choosing.question import QuestionType
from rag.choosing.subject import NUMBERING

_LISTED = re.compile(
    r"\b(?:release[ -]?(?:history|notes?|log)|releases|change ?logs?|changes (?:in|since|to|between|from)|"
    r"what['’]?s new|cross-?references?|back-?links?|see also|related (?:topics|pages|links)|further reading)\b|"
    r"^news\b|"
    r"^(?:alphabetical|general|keyword|subject|concept|permuted|term) index\b|^index(?:$| of\b|\s*[-—–|:])|"
    r"^(?:\w+ and )?(?:variables?|functions?|concepts?|commands?|options?|parameters?|builtins?|(?:reserved )?words?|"
    r"names?|symbols?|terms?|types?) index(?:es)?$|^appendix \w+\W+ind(?:ex|exes|ices)$|"
    r"^(?:alphabetical )?list(?:ing)? of (?:all )?(?:\w+ )?(?:documents|pages|requirements|keywords|terms)|"
    r"^(?:(?:table of )?contents|(?:on|in) this (?:page|article|chapter|section|guide|document)|"
    r"inhalt(?:sverzeichnis)?|auf dieser seite|table des matières|sommaire|"
    r"sur cette page|(?:tabla de )?contenidos?|índice|en esta página|"
    r"indice|sommario|inhoud(?:sopgave)?|innehåll(?:sförteckning)?|indhold(?:sfortegnelse)?|sisällys(?:luettelo)?|"
    r"spis treści|içindekiler|содержание|оглавление|目录|目錄|目次|차례|목차)\W*$",
    re.IGNORECASE,
)
_RELEASE = re.compile(
    r"^\W*(?:version |release |v)?\d+(?:\.\d+)+\w*\W*(?:\([^)]*\)\W*)?$|^\W*\d{4}-\d\d-\d\d\b|"
    r"^(?:\w+ ){1,3}v?\d+(?:\.\d+)+\w*\W+\d{4}-\d\d-\d\d\W*$",
    re.IGNORECASE,
)
"""A heading that is a version or begins with a day, or a name with both: ``Kettle 3.8 (2014-06-04)``."""

_ASKS_FOR_NEWS = re.compile(
    r"\b(?:versions?|releases?d?|new|news|changed?|changes|added|removed|deprecated|since|history|introduced|renamed|"
    r"upgrad\w*)\b|\d+\.\d+",
    re.IGNORECASE,
)


def is_told_in_passing(headings: Iterable[str]) -> bool:
    """Whether what stands below these headings (the title first) lists releases, references, names or sections."""
    return any(
        _LISTED.search(heading) or _LISTED.search(NUMBERING.sub("", heading)) or _RELEASE.match(heading)
        for heading in headings
    )


def asks_for_news(question: str, asked: QuestionType) -> bool:
    """Whether such a list may well be what the question asks for."""
    return asked is QuestionType.WHEN or _ASKS_FOR_NEWS.search(question) is not None
