"""How many documents are there for this caller? The number of all would tell of those it may not see."""

from indexer.store import Filters
from server.api.backend import Backend
from server.doors.asker import Asker


def visible_documents(backend: Backend, asker: Asker) -> int:
    """Documents that this caller may see. Raises NoIndex where nothing is indexed."""
    if backend.store().count().documents == 0:
        return 0
    # A search without words matches every document.
    return backend.store().candidates("", None, 1, asker.narrowed(Filters())).matched_documents
