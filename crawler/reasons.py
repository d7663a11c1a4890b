"""What each reason of a crawl means, in words; the reasons themselves are what reports and event logs count by."""

from http import HTTPStatus

REASONS = {
    "address": "it leads to an address inside the network of this machine, which a public site must not reach",
    "bad_encoding": "its body cannot be decompressed",
    "bad_http": "its server does not answer in correct HTTP",
    "bad_redirect": "it redirects to what is no web address",
    "bad_url": "it is no valid web address",
    "barren": "its path gives the same page for whatever parameters",
    "bomb": "the file unpacks to far more than its size",
    "canonical": "it names another page as its canonical address, which stands for both",
    "combinations": "its path combines parameters without end (crawl.max_combinations)",
    "connect": "its server does not accept connections",
    "content_type": "it is no page and no document that is read here",
    "crashed": "its file broke the process that read it, twice",
    "damaged": "its file is damaged",
    "dns": "its host has no address",
    "duplicate": "it says the same as another page, which stands for both",
    "empty": "it holds no readable text",
    "encrypted": "its file is protected by a password",
    "excluded": "a pattern of crawl.exclude leaves it out",
    "lastmod": "its sitemap says that it has not changed since the last visit",
    "login": "signing in to its site failed",
    "max_pages": "the crawl had reached max_pages",
    "max_pages_per_site": "its site had reached max_pages_per_site",
    "max_seconds": "the time of the crawl was over",
    "memory": "its file takes more memory to read than allowed",
    "missing_extra": "its file needs a package that is not installed",
    "near_duplicate": "it says nearly the same as another page, which stands for both",
    "no_text": "its file holds no text, as a scan does",
    "nofollow": "every link to it that was found says nofollow",
    "noindex": "the page asks not to be indexed",
    "not_a_page": "its ending is that of a file that is no page",
    "not_included": "no pattern of crawl.include lets it in",
    "orphan": "no seed, no sitemap and no page leads to it any more (crawl.remove_orphans)",
    "other_site": "it is on another site than the seeds",
    "page": "it is a page of its own",
    "permuted": "it has the same parameters as another URL, in another order",
    "proxy": "the proxy does not connect to its server",
    "redirect": "it redirects to another address",
    "redirect_loop": "it redirects in a circle",
    "render": "the browser could not build the page",
    "render_max_bytes": "its scripts asked for more bytes than render_max_bytes",
    "render_max_requests": "its scripts asked more often than render_max_requests",
    "reset": "its server closed the connection",
    "robots": "robots.txt forbids it",
    "rule": "a rule of crawl.rules leaves it out",
    "same_content": "its text is the same as at the last visit",
    "scheme": "it is no web address but names a local file or data",
    "script": "a script of the page may not ask for it",
    "set_aside": "it was read, and could not be indexed",
    "timeout": "it did not answer, or could not be read, in time",
    "tls": "its server has no valid certificate or does not speak TLS",
    "too_deep": "it is more links away from the seeds than max_depth",
    "too_large": "it is larger than allowed",
    "too_many_parameters": "its address has more parameters than max_query_parameters",
    "too_many_redirects": "it is behind more redirects than max_redirects",
    "too_many_segments": "its address has more parts than max_path_segments",
    "trap": "its address repeats itself or is of a calendar far from today, as addresses without end do",
    "truncated": "its body ended before its announced length",
    "type": "its file is of a kind that is not read here",
    "url_too_long": "its address is longer than max_url_chars",
}

STATUSES = {
    401: "it wants credentials, or refused those that were sent",
    403: "it is closed to the public or to this crawler",
    404: "it does not exist; a page that was indexed is asked for once more before it is removed",
    407: "the proxy wants credentials",
    410: "it is gone for good",
    429: "its server was asked too often",
    503: "its server was overloaded or under repair",
}


def words_of(reason: str) -> str:
    """What a reason means; empty for none and for what is unknown.

    >>> words_of("http_502")
    'its server answered 502 Bad Gateway'
    """
    status = reason.removeprefix("http_")
    if status == reason or not status.isdigit():
        return REASONS.get(reason, "")
    if int(status) in STATUSES:
        return STATUSES[int(status)]
    try:
        name = f" {HTTPStatus(int(status)).phrase}"
    except ValueError:
        name = ""
    return f"its server answered {status}{name}"
