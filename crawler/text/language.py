"""Which language a text is in, for pages that do not say."""

import threading
from functools import lru_cache
from typing import Any

SAMPLE_CHARS = 2000
"""More text changes the answer hardly ever and the time always."""

MIN_CHARS = 20
"""A handful of words names no language reliably."""

_lock = threading.Lock()


def detect_language(text: str, min_confidence: float = 0.8) -> str | None:
    """ISO 639-1 code of the text's language; None when it is too short or the best guess is too weak.

    Safe to call from several threads.
    """
    sample = text[:SAMPLE_CHARS].strip()
    if len(sample) < MIN_CHARS:
        return None
    with _lock:
        language, confidence = _identifier().classify(sample)
    return str(language) if confidence >= min_confidence else None


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
