"""Pseudo-relevance feedback: the query's vector moves towards the passages that were found first. Pure.

Rocchio (1971), on dense vectors as Li, Mourad, Zhuang, Koopman and Zuccon have it (TOIS 2023): a few words name a
subject, and the passages found first tell more of it. docs/fusion.md has the measurements.
"""

import numpy as np

from indexer.document import Vectors


def moved(query: Vectors, passages: Vectors, weight: float) -> Vectors:
    """(dim,) float32, unit length: ``1 - weight`` of the query's vector and ``weight`` of the mean of the passages'.

    ``query`` is (dim,), ``passages`` (n, dim) with n above 0, all of unit length. Where they cancel out, the query.
    """
    together = (1 - weight) * query + weight * passages.mean(axis=0)
    length = float(np.linalg.norm(together))
    return (together / length).astype(np.float32) if length > 1e-6 else query
