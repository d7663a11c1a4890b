"""Settings of whatever reads documents."""

from dataclasses import dataclass

from crawler.documents.draft import DocumentConfig


@dataclass(frozen=True)
class ReaderConfig:
    """The limits that one document is read under, in this process or another."""

    documents: DocumentConfig = DocumentConfig()
