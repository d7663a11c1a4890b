"""Which words of a query do many passages hold? Told by the numbers of their stems, without a look at their words.

The numbers of a passage come with it where its store keeps them; else it is read once and they are remembered.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.asking.stems import counts_of, has_cjk, is_current, numbered, stem_number
from indexer.store import Candidate

REMEMBERED_PASSAGES = 32_768
"""Some ten megabytes."""


def words_held(
    stems: Mapping[str | None, Sequence[str]], candidates: Sequence[Candidate]
) -> tuple[NDArray[np.float64], list[int]]:
    """(candidates, stems) of 0 and 1, and the number of words of each passage; of each language as many ``stems``."""
    width = len(next(iter(stems.values()), ()))
    holds = np.zeros((len(candidates), width))
    known = [_numbers_of(candidate) for candidate in candidates]
    sizes = np.array([len(found) // 4 for found in known], dtype=np.int64)
    numbers = np.frombuffer(b"".join(known), "<u4")
    languages = [candidate.passage.head.language for candidate in candidates]
    for language, wanted in stems.items():
        places = [i for i, one in enumerate(languages) if one == language]
        is_meant = np.zeros(len(candidates), dtype=bool)
        is_meant[places] = True
        owners = np.repeat(np.arange(len(candidates)), sizes)
        for column, word in enumerate(wanted):
            found = owners[numbers == stem_number(word)]
            holds[found[is_meant[found]], column] = 1.0
            # Pairs of CJK characters stand in the text as they are; its words are single ones.
            if has_cjk(word):
                holds[[i for i in places if word in candidates[i].passage.text_to_encode], column] = 1.0
    return holds, counts_of(numbers[np.cumsum(sizes) - sizes]).tolist()


_read: dict[tuple[str | None, int], bytes] = {}


def _numbers_of(candidate: Candidate) -> bytes:
    """Those that the store keeps; else those remembered, or made now."""
    if candidate.words is not None and is_current(candidate.words):
        return candidate.words
    passage = candidate.passage
    key = passage.head.language, hash((passage.head.title, passage.heading_path, passage.text))
    found = _read.get(key)
    if found is None:
        found = numbered(passage.text_to_encode, passage.head.language)
        if len(_read) >= REMEMBERED_PASSAGES:
            _read.clear()
        _read[key] = found
    return found
