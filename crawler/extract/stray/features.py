"""What the model looks at: what a block is, where it stands, what it is called, and what its words hint at."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from crawler.extract.stray.blocks import LEVELS_ABOVE, BlockSeen

PLAIN = "page plain"
CUE_CHARS = 160
"""Where a block says what it is, if it does."""

_WORD = re.compile(r"[a-z]{3,}|[A-Z]?[a-z]{2,}|[A-Z]{3,}")
_CUES = {
    "share": r"\b(?:share|teilen|tweet|twittern|partager|compart\w+|condividi|udostępnij|facebook|twitter"
    r"|whatsapp|instagram|telegram|pinterest|youtube|merken|drucken|print|imprimir|imprimer|stampa)\b",
    "subscribe": r"newsletter|subscri|abonn|suscr[ií]b|iscriviti|anmeld|sign up|log ?in|registr|einloggen|download"
    r"|kostenlos|gratis",
    "related": r"\brelated\b|read (?:more|also|next)|see also|more (?:on|from|about|stories)|also read"
    r"|you (?:may|might)|don't miss|\bmehr (?:zu|aus|auf|über|info)|lesen sie|weiterlesen"
    r"|weiterführend|siehe auch|das könnte|auch interessant|passend zum|à lire|lire (?:aussi"
    r"|la suite)|en savoir plus|lea también|le puede interesar|te puede|más (?:sobre|info)"
    r"|leia (?:mais|também)|veja (?:mais|também)|saiba mais|leggi anche|potrebbe|czytaj|zobacz"
    r"|dowiedz się|lees (?:ook|meer)|διαβάστε|читайте|explore further|empfohlen|recommend|beliebt"
    r"|popular|meistgelesen|trending|top ?stories|das k(?:ö|oe)nnte",
    "back": r"^\W*(?:zurück|back|retour|volver|torna|wróć|previous|next|weiter|nächste|vorherige|older|newer"
    r"|prev|início|home|start)\b",
    "credit": r"^\W*(?:foto|photo|bild|image|picture|copyright|quelle|source|credit|grafik|zdjęcie|fot\b|fuente"
    r"|crédit|illustration|video)|©|\(c\)|getty|dpa\b|reuters|shutterstock|unsplash|all rights"
    r"|alle rechte|reserv|imago",
    "byline": r"^\W*(?:von|by|par|por|di|autor|author|text|redaktion|escrito|posted|published|publi\w+"
    r"|veröffentlicht|erstellt|aktualisiert|updated|last modified|letzte änderung|geschrieben|datum"
    r"|date|stand|written|redacción|door|przez)\b",
    "comment": r"comment|kommentar|coment[aá]rio|commento|antworten|reply|respond|répondre|komentarz|leserbrief"
    r"|reacties|bewert",
    "tags": r"^\W*(?:tags?|schlagw|stichw|kategori|categor|themen?|topics?|temas|filed under|etiquetas|mots"
    r"|rubri|ressort|abgelegt)",
    "consent": r"cookie|datenschutz|privacy|impressum|agb\b|werbung|anzeige|advert|sponsor|affiliate|publicidad"
    r"|publicité|reklama",
    "contact": r"@|\btel\b|telefon|\bfax\b|phone|kontakt|contact",
}
_DATE = re.compile(
    r"\b(?:[0-9]{1,2}(?:[./-]\s?[0-9]{1,2}[./-]\s?[0-9]{2,4}|:[0-9]{2}|\.? [^\W\d_]{3,10}\.? [0-9]{4})"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}|[^\W\d_]{3,9} [0-9]{1,2}, [0-9]{4})\b"
)
_DIGIT = re.compile("[0-9]")
CUES = (*_CUES, "date")

NEIGHBOUR = 3
"""So many of the features of a block count for its neighbours, too: tag, links, length."""

NOTHING = ("none",)
SHORT_CHARS = 100


Features = tuple[str, ...]


def features_of(blocks: Sequence[BlockSeen], kind: str) -> list[tuple[Features, ...]]:
    """For each block, what the model looks at, in groups that come again and again. ``kind`` is that of the page."""
    cues = [cues_of(block.text[:CUE_CHARS]) for block in blocks]
    shapes = [_shape_of(block) for block in blocks]
    of_page = (kind,)
    long = [i for i, block in enumerate(blocks) if block.is_long]
    first, last = (long[0], long[-1]) if long else (0, len(blocks))
    beside = [
        (*shape[:NEIGHBOUR], "long") if block.is_long else shape[:NEIGHBOUR]
        for shape, block in zip(shapes, blocks, strict=True)
    ]
    found: list[tuple[Features, ...]] = []
    under: Features = ()
    for i, block in enumerate(blocks):
        after = min(4, (i - last).bit_length()) if i > last else 0
        before = min(4, (first - i).bit_length()) if i < first else 0
        found.append(
            (
                of_page,
                shapes[i],
                _hints(cues[i], len(block.text) < SHORT_CHARS),
                _place(after, before, 4 * i // len(blocks)),
                _named("previous", beside[i - 1] if i else NOTHING),
                _named("next", beside[i + 1] if i + 1 < len(blocks) else NOTHING),
                under,
            )
        )
        if block.is_heading:
            under = _named("under", cues[i])
    return found


def kind_of(blocks: Sequence[BlockSeen]) -> str:
    """Manuals hold code or definitions, or their headings have addresses; then little of them is stray."""
    if not blocks:
        return PLAIN
    top = blocks[-1].nodes[0]
    for _ in range(LEVELS_ABOVE):
        top = top.parent or top
    if top.css_first("pre,dl") is not None:
        return "page code"
    headings = [block.nodes[0] for block in blocks if block.is_heading]
    addressed = sum(
        "id" in node.attributes or node.css_first("a[id],a[name],a[href^='#']") is not None for node in headings
    )
    return "page addressed" if addressed * 2 > len(headings) > 0 else PLAIN


def _shape_of(block: BlockSeen) -> Features:
    text = block.text
    size = len(text)
    linked = block.linked / size
    density = 0 if block.linked == 0 else 1 if linked < 0.3 else 2 if linked < 0.8 else 3
    length = min(9, size.bit_length())
    ending = text[-1]
    ends = "sentence" if ending in '.!?…"”«»“’)。' else "colon" if ending == ":" else "open"
    return _shape(block.tag, block.above, density, length, ends, text[0].islower())


@lru_cache(maxsize=8192)
def _shape(tag: str, above: str, density: int, length: int, ends: str, starts_low: bool) -> Features:  # noqa: PLR0917
    return (
        f"tag {tag}",
        f"links {density}",
        f"length {length}",
        f"above {above}",
        f"links {density} length {length // 2}",
        f"tag {tag} length {length // 2}",
        f"ends {ends}",
        f"ends {ends} length {length // 2}",
        *(("starts low",) if starts_low else ()),
    )


@lru_cache(maxsize=8192)
def _hints(cues: Features, is_short: bool) -> Features:
    return tuple([f"cue {cue} {'short' if is_short else 'long'}" for cue in cues])


@lru_cache(maxsize=128)
def _place(after: int, before: int, quarter: int) -> Features:
    """Behind or before the running text, and in which quarter of the page."""
    if after:
        return "after", f"after {after}", f"place {quarter}"
    return ("before", f"before {before}", f"place {quarter}") if before else (f"place {quarter}",)


@lru_cache(maxsize=8192)
def _named(name: str, features: Features) -> Features:
    return tuple([f"{name} {feature}" for feature in features])


@lru_cache(maxsize=4096)
def cues_of(text: str) -> tuple[str, ...]:
    """What the words of a text hint at, in a dozen languages, and whether it holds a date."""
    found = [CUES[i] for i in _cue_set().Match(text) or ()]
    # Among the words its letters of any script would make for ten times the states, each made when first met.
    if _DIGIT.search(text) and _DATE.search(text):
        found.append("date")
    return tuple(found)


@lru_cache(maxsize=1)
def _cue_set() -> Any:
    import re2

    found = re2.Set.SearchSet()
    for pattern in _CUES.values():
        found.Add(f"(?i){pattern}")
    found.Compile()
    return found


@lru_cache(maxsize=8192)
def names_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """The words in the classes and ids of a block and of what stands around it."""
    nearest, around = names[-1], names[:-1]
    words = {f"named {word}" for word in words_of(nearest)} or {"unnamed"}
    return (*words, *{f"within {word}" for name in around for word in words_of(name)})


@lru_cache(maxsize=8192)
def words_of(name: str) -> frozenset[str]:
    """``teaserBox__head--big`` is about teaser, box, head and big."""
    return frozenset(word.lower() for word in _WORD.findall(name))
