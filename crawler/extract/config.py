"""Settings of reading a body."""

from dataclasses import dataclass

from crawler.documents.config import ReaderConfig
from crawler.extract.rules import ExtractionRule
from crawler.urls.config import AgentConfig, UrlConfig


@dataclass(frozen=True)
class ExtractConfig(AgentConfig, ReaderConfig, UrlConfig):
    """What is read of a page.

    ``content_selector`` names the elements that hold the content, ``exclude_selectors`` what to leave out of it; both
    are CSS selectors. Of pages that are mere lists of links the beginning is kept, or with ``whole_link_lists`` all,
    as where a selector names the content. ``extraction`` says more for single pages. Large sites are read by
    ``extract_processes`` processes, None for one for each core. ``near_duplicates``: pages that differ in a few words,
    under one title, are one document.
    """

    content_selector: str | None = None
    exclude_selectors: tuple[str, ...] = ()
    extraction: tuple[ExtractionRule, ...] = ()
    whole_link_lists: bool = False
    max_links_per_page: int = 5000
    min_language_confidence: float = 0.8
    near_duplicates: bool = True
    extract_processes: int | None = None
