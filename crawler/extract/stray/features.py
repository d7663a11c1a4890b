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
_DATE = (
    r"\b\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}:\d{2}\b"
    r"|\b\d{1,2}\.? \pL{3,10}\.? \d{4}\b|\b\pL{3,9} \d{1,2}, \d{4}\b"
)
CUES = (*_CUES, "date")


def features_of(blocks: Sequence[BlockSeen]) -> list[list[str]]:
    """For each block, what the model looks at."""
    cues = [cues_of(block.text[:CUE_CHARS]) for block in blocks]
    own = [_own(block, found_cues) for block, found_cues in zip(blocks, cues, strict=True)]
    long = [i for i, block in enumerate(blocks) if block.is_long]
    first, last = (long[0], long[-1]) if long else (0, len(blocks))
    kind = kind_of(blocks)
    found = []
    under: list[str] = []
    for i, block in enumerate(blocks):
        features = [*own[i], kind]
        if i > last:
            features += ("after", f"after {min(4, (i - last).bit_length())}")
        elif i < first:
            features += ("before", f"before {min(4, (first - i).bit_length())}")
        features.append(f"place {4 * i // len(blocks)}")
        for name, j in (("previous", i - 1), ("next", i + 1)):
            if 0 <= j < len(blocks):
                features += (f"{name} {own[j][0]}", f"{name} {own[j][1]}", f"{name} {own[j][2]}")
                if blocks[j].is_long:
                    features.append(f"{name} long")
            else:
                features.append(f"{name} none")
        features += under
        if block.is_heading:
            under = [f"under {cue}" for cue in cues[i]]
        found.append(features)
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


def _own(block: BlockSeen, cues: tuple[str, ...]) -> list[str]:
    text = block.text
    size = len(text)
    linked = block.linked / size
    density = 0 if block.linked == 0 else 1 if linked < 0.3 else 2 if linked < 0.8 else 3
    length = min(9, size.bit_length())
    ending = text[-1]
    ends = "sentence" if ending in '.!?…"”«»“’)。' else "colon" if ending == ":" else "open"
    features = [
        f"tag {block.tag}",
        f"links {density}",
        f"length {length}",
        f"above {block.above}",
        f"links {density} length {length // 2}",
        f"tag {block.tag} length {length // 2}",
        f"ends {ends}",
        f"ends {ends} length {length // 2}",
    ]
    if text[0].islower():
        features.append("starts low")
    how = "short" if size < 100 else "long"
    features += [f"cue {cue} {how}" for cue in cues]
    return features


@lru_cache(maxsize=4096)
def cues_of(text: str) -> tuple[str, ...]:
    """What the words of a text hint at, in a dozen languages, and whether it holds a date."""
    return tuple([CUES[i] for i in _cue_set().Match(text) or ()])


@lru_cache(maxsize=1)
def _cue_set() -> Any:
    import re2

    found = re2.Set.SearchSet()
    for pattern in (*_CUES.values(), _DATE):
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
