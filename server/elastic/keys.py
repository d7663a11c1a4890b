"""What the keys of Elastic's crawler.yml mean here."""

from crawler.config import CrawlConfig

ELASTIC_DEFAULTS = CrawlConfig(
    max_depth=9,  # Elastic counts the seeds as depth 1
    max_pages=100_000,
    max_url_chars=2048,
    max_path_segments=16,
    max_query_parameters=32,
    connect_timeout_s=10.0,
    read_timeout_s=10.0,
    timeout_s=60.0,
    max_redirects=10,
    max_page_bytes=10 * 1024 * 1024,
    max_links_per_page=1000,
    concurrency=10,
)
"""Limits that hold in Elastic's crawler where a file names none."""


NUMBERS: dict[str, tuple[str, type[int] | type[float]]] = {
    "max_unique_url_count": ("max_pages", int),
    "max_url_length": ("max_url_chars", int),
    "max_url_segments": ("max_path_segments", int),
    "max_url_params": ("max_query_parameters", int),
    "max_redirects": ("max_redirects", int),
    "max_response_size": ("max_page_bytes", int),
    "max_extracted_links_count": ("max_links_per_page", int),
    "threads_per_crawl": ("concurrency", int),
    "max_duration": ("max_seconds", float),
    "connect_timeout": ("connect_timeout_s", float),
    "socket_timeout": ("read_timeout_s", float),
    "request_timeout": ("timeout_s", float),
}
"""Keys with a counterpart in CrawlConfig, and its type."""

NOT_NEEDED = {
    "compression_enabled": "compression is always offered",
    "crawl_id": "a crawl needs no name",
    "crawl_stage": "there are no stages",
    "default_encoding": "encodings are told from the page",
    "head_requests_enabled": "pages are asked for once, conditionally",
    "log_level": "set it on the command line",
    "event_logs": "set it on the command line",
    "stats_dump_interval": "progress is shown as it happens",
    "url_queue": "the queue is kept on disk",
    "url_queue_size_limit": "the queue is kept on disk",
    "max_title_size": "titles are kept whole",
    "max_body_size": "pages are kept whole, in passages",
    "max_keywords_size": "keywords are not indexed",
    "max_description_size": "descriptions are kept whole",
    "max_indexed_links_count": "links are followed, not indexed",
    "max_headings_count": "all headings are kept, with the text under them",
    "loopback_allowed": "the hosts of the seeds may always stand on this machine, others never",
    "private_networks_allowed": "the hosts of the seeds may always stand on a private network, others never",
    "purge_crawl_enabled": "pages that are gone leave the index by themselves",
    "results_collection": "it serves Elastic's own tests",
}
"""Keys without effect, because of the reason."""

_PROXY_KEYS = ("host", "port", "protocol", "username", "password")
LEFT_OUT = {
    "auth": "pages behind a login are not fetched with it",
    "ssl_ca_certificates": "certificates of the system are used",
    "ssl_verification_mode": "certificates are always checked",
    "output_dir": "pages go into an index",
    "http_auth_allowed": "pages behind a login are not fetched with it",
    "full_html_extraction_enabled": "pages are not kept as HTML",
    **{f"http_proxy_{key}": "pages are fetched directly" for key in _PROXY_KEYS},
}
"""Keys that cannot be followed, and what happens instead."""

BINARY_KEYS = (
    "binary_content_extraction_enabled",
    "binary_content_extraction_mime_types",
    "content_extraction_enabled",
    "content_extraction_mime_types",
)
