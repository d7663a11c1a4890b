"""What the fit of the choice learns, and what it leaves alone."""

import numpy as np

from benchmarks.answers_fit import IS_FITTED, NAMES, Asked, fit, present
from rag.choosing.weights import READ, SET_BY_HAND


def test_weights_set_by_hand_stay() -> None:
    """Right pieces differ from wrong ones in every feature, so that every weight that may move does."""
    right, wrong = np.ones(len(NAMES)), np.zeros(len(NAMES))
    asked = Asked("a site", "a question", np.array([right, wrong]), np.array([0.0, 1.0]), is_answerable=True)
    strange = Asked("a site", "another", np.array([wrong, wrong]), np.zeros(2), is_answerable=False)
    fitted = dict(zip((*NAMES, "bias"), fit([asked, strange], pull=0.1), strict=True))
    assert {name for name in NAMES if fitted[name] == READ[name]} == SET_BY_HAND
    assert {name for name, is_fitted in zip(NAMES, IS_FITTED, strict=True) if not is_fitted} == SET_BY_HAND
    assert len(present()) == len(NAMES) + 1
