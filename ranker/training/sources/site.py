"""Weak labels of a site itself: titles and headings ask for the text below them, a first sentence for the rest."""

from collections import Counter
from collections.abc import Iterator, Sequence

from indexer.document import Passage
from indexer.sentences import sentence_spans
from indexer.store import Store
from ranker.training.mine import Topic
from ranker.training.sources.collection import is_question

MIN_CHARS = 120
"""A shorter text is too little to be found by."""

MAX_SENTENCE_CHARS = 400
CODE = frozenset("()[]{}<>=_*;")
"""Signs of code in a heading."""

MAX_USES = 2
"""A heading that more pages have, such as "Overview", asks for none of them."""


def site_topics(store: Store, source: str) -> list[Topic]:
    """What the public pages of an index ask by themselves, in the order of their ids. Raises StoreError."""
    pages = [passages for head in store.scan() if (passages := store.passages(head.doc_id))]
    uses = Counter(name for passages in pages for name in {_normal(h) for h in _names(passages)})
    return [topic for passages in pages for topic in _page_topics(passages, uses, source)]


def _page_topics(passages: Sequence[Passage], uses: Counter[str], source: str) -> Iterator[Topic]:
    title, doc_ids = passages[0].head.title.strip(), frozenset([passages[0].head.doc_id])
    seen: set[str] = set()
    for passage in passages:
        name = passage.heading_path[-1].strip() if passage.heading_path else title
        is_first = _normal(name) not in seen
        seen.add(_normal(name))
        text = passage.text.removeprefix(name).lstrip()  # some sites repeat the heading in the text
        if is_first and _asks(name) and uses[_normal(name)] <= MAX_USES and len(text) >= MIN_CHARS:
            own = text if _normal(name) == _normal(title) else f"{title}\n{text}"
            yield Topic(name, doc_ids, source, own_text=own, answers=is_question(name))
    first = passages[0].text
    _, end = (*sentence_spans(first), (0, 0))[0]
    sentence, rest = first[:end].strip(), first[end:]
    if len(rest) >= MIN_CHARS and len(sentence.split()) > 3 and len(sentence) <= MAX_SENTENCE_CHARS:
        yield Topic(sentence, doc_ids, source, own_text=f"{title}\n{rest}".strip(), answers=False)


def _asks(name: str) -> bool:
    """Whether a person might type it: words, and not the signature of a function."""
    return len(name.split()) > 1 and not CODE.intersection(name)


def _names(passages: Sequence[Passage]) -> Iterator[str]:
    yield passages[0].head.title
    for passage in passages:
        yield from passage.heading_path[-1:]


def _normal(name: str) -> str:
    return " ".join(name.lower().split())
