"""The words of common vocabularies: which predicates name a thing, and which describe it. Pure."""

from urllib.parse import unquote

from indexer.sources.naming import words_of_identifier

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_DC = ("http://purl.org/dc/terms/", "http://purl.org/dc/elements/1.1/")
_SCHEMA = ("https://schema.org/", "http://schema.org/")
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABELS = (
    f"{_RDFS}label",
    f"{_SKOS}prefLabel",
    *(f"{schema}name" for schema in _SCHEMA),
    "http://xmlns.com/foaf/0.1/name",
    *(f"{dc}title" for dc in _DC),
)
ALIASES = (f"{_SKOS}altLabel", *(f"{schema}alternateName" for schema in _SCHEMA))
DESCRIPTIONS = (
    f"{_SKOS}definition",
    *(f"{schema}description" for schema in _SCHEMA),
    *(f"{dc}description" for dc in _DC),
    f"{_RDFS}comment",
)
PROPERTY_CLASSES = frozenset(
    (
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property",
        *(
            f"http://www.w3.org/2002/07/owl#{name}"
            for name in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Ontology")
        ),
    )
)
"""What is of these is about the vocabulary, not about the world."""


def local_words(iri: str) -> str:
    """The last part of an IRI as words: ``http://example.org/birthPlace`` -> ``birth place``."""
    last = iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
    return words_of_identifier(unquote(last)) or iri
