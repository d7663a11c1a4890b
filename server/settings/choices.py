"""Which implementation to use, and how the server listens: the settings that belong to no other package."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from server.settings.doors import LimitsConfig, OidcConfig, ProxyConfig, TokensConfig

MAX_WORKERS = 128
LogFormat = Literal["text", "json"]
QueryLogMode = Literal["off", "counts", "full"]


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """``model`` is a Hugging Face name or folder (torch) or the name a server knows (http).

    Prefixes are put before each text; None means those the model declares itself. ``query_model`` is the folder of a
    model for queries alone that training wrote (bundled).
    """

    kind: Literal["bundled", "multilingual", "torch", "http", "hashing"] = "bundled"
    model: str = ""
    query_model: str = ""
    url: str = ""
    api_key: str = field(default="", repr=False)
    query_prefix: str | None = None
    passage_prefix: str | None = None
    timeout_s: float = 30.0

    def __post_init__(self) -> None:
        _check_model(self.kind, self.model, self.url)
        if self.query_model and self.kind != "bundled":
            raise ValueError(f"query_model is for kind bundled, not {self.kind}")


@dataclass(frozen=True, slots=True)
class ScorerConfig:
    """``model`` is a cross-encoder's Hugging Face name or folder (torch), the name a server knows (http), or the folder
    of another exported reader-ranker (bundled).

    ``gives_logits`` is for a server whose scores are not in [0, 1].
    """

    kind: Literal["none", "bundled", "torch", "http", "overlap"] = "bundled"
    model: str = ""
    url: str = ""
    api_key: str = field(default="", repr=False)
    timeout_s: float = 30.0
    gives_logits: bool = False

    def __post_init__(self) -> None:
        _check_model(self.kind, self.model, self.url)


@dataclass(frozen=True, slots=True)
class GeneratorConfig:
    """``extractive`` needs no language model; ``http`` speaks to any OpenAI-style server."""

    kind: Literal["extractive", "http", "transformers"] = "extractive"
    model: str = ""
    url: str = ""
    api_key: str = field(default="", repr=False)
    timeout_s: float = 60.0
    max_tokens: int = 400
    answer_timeout_s: float = 180.0
    attempts: int = 2
    thinks_first: bool = False

    def __post_init__(self) -> None:
        _check_model(self.kind, self.model, self.url)


@dataclass(frozen=True, slots=True)
class ServeConfig:
    """How the server listens and whom it lets in.

    ``url`` is its address for visitors, where that is another than the one it listens on; ``hosts`` further names it is
    asked for. ``public`` opens search and answers, and nothing else, to those without a key. ``api_keys`` maps a key to
    the access groups of its holder; without a key only public documents show. ``query_log`` says how much is kept of
    what is asked, ``query_log_days`` how long; a query that as many as ``suggested_after_askers`` asked is suggested to
    others, 0 for never. ``kept_answers`` are remembered while the index is the same; 0 for none.
    ``workers`` processes answer side by side. ``logs`` are lines of text or JSON; spans are sent to ``otlp_endpoint``.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    logs: LogFormat = "text"
    otlp_endpoint: str = ""
    title: str = "Search"
    placeholder: str = "Search or ask a question"
    answers: bool = True
    facets: tuple[str, ...] = ("site", "path", "language", "source")
    url: str = ""
    hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    public: bool = False
    require_api_key: bool = False
    api_keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    tokens: TokensConfig = TokensConfig()
    oidc: OidcConfig = OidcConfig()
    proxy: ProxyConfig = ProxyConfig()
    limits: LimitsConfig = LimitsConfig()
    kept_answers: int = 200
    query_log: QueryLogMode = "counts"
    query_log_days: int = 90
    suggested_after_askers: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.workers <= MAX_WORKERS:
            raise ValueError(f"workers {self.workers} is not between 1 and {MAX_WORKERS}")
        if self.otlp_endpoint and not self.otlp_endpoint.startswith(("http://", "https://")):
            raise ValueError(f"otlp_endpoint {self.otlp_endpoint!r} is not such as http://localhost:4318")
        if self.query_log_days < 1:
            raise ValueError(f"query_log_days {self.query_log_days} is less than 1; query_log: off keeps nothing")
        if self.suggested_after_askers == 1 or self.suggested_after_askers < 0:
            raise ValueError(
                f"suggested_after_askers is {self.suggested_after_askers}; give 0 for never, or 2 and more"
            )
        if self.suggested_after_askers and self.query_log == "off":
            raise ValueError("suggested_after_askers needs the query log, and query_log is off")
        if self.kept_answers < 0:
            raise ValueError("kept_answers is less than 0")
        if not 0 <= self.port <= 65_535:
            raise ValueError(f"port {self.port} is not between 0 and 65535")
        if self.require_api_key and self.public:
            raise ValueError("require_api_key and public are both true; one of them shuts what the other opens")
        if self.url and (urlsplit(self.url).scheme not in ("http", "https") or not urlsplit(self.url).hostname):
            raise ValueError(f"url {self.url!r} is not such as https://search.example.com")


def _check_model(kind: str, model: str, url: str) -> None:
    missing = []
    if kind in ("torch", "http", "transformers") and not model:
        missing.append("a model")
    if kind == "http" and not url.startswith(("http://", "https://")):
        missing.append(f"a url that begins with http:// or https://, not {url!r}")
    if missing:
        raise ValueError(f"kind {kind} needs {' and '.join(missing)}")
