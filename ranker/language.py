"""Which language the passages found are in, and who does not know it. Pure."""

from collections import Counter
from collections.abc import Sequence

from indexer.languages import without_region
from indexer.store import Candidate

LOOKED_AT = 10


def unknown_language(lexical: Sequence[Candidate], known: frozenset[str] | None) -> str | None:
    """The language of most of the best passages by words, where it is none of ``known``; else None.

    ``known`` None stands for all languages; a passage of no known language counts as one that can be read.
    """
    best = lexical[:LOOKED_AT]
    if known is None or not best:
        return None
    languages = Counter(without_region(c.passage.head.language) for c in best if c.passage.head.language)
    unknown = Counter({code: count for code, count in languages.items() if code not in known})
    return unknown.most_common(1)[0][0] if unknown.total() > len(best) / 2 else None
