"""The MkDocs plugin ``recollect``: our search box in place of theirs, and the pages to a server after a build."""

from typing import Any, Literal

from mkdocs.config import config_options as c
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from server.builders.push import BuiltPage, push
from server.errors import BadInput
from server.widget.box import element, script

THEIRS = ("search", "material/search")
FIRST = 100

PLACES = (
    ("md-header__inner", "</nav>"),
    ('class="nav navbar-nav ms-md-auto"', "</ul>"),
    ("wy-side-nav-search", "</div>"),
    ("<body", "</body>"),
)
"""Where the box goes, by theme (Material, mkdocs, readthedocs, any other): after the first, before the next second."""

log = get_plugin_logger(__name__)


class RecollectConfig(Config):  # type: ignore[no-untyped-call]  # MkDocs' base class has an untyped hook
    """What stands under ``recollect`` in mkdocs.yml."""

    server = c.URL(default="")
    key = c.Type(str, default="")
    mode = c.Choice(("modal", "inline"), default="modal")
    push_key = c.Type(str, default="")
    source = c.Type(str, default="docs")


class RecollectPlugin(BasePlugin[RecollectConfig]):  # type: ignore[no-untyped-call]  # as above
    """Lives as long as one build. Without a server it leaves the pages, and the theme's own search, as they are."""

    def __init__(self) -> None:
        self._pages: list[BuiltPage] = []
        self._is_preview = False
        self._is_dirty = False

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """A preview pushes nothing."""
        self._is_preview, self._is_dirty = command == "serve", dirty

    @event_priority(FIRST)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Takes the other search out before it does anything: themes show theirs where its plugin is there."""
        self._pages = []
        if not self.config.server:
            if self.config.push_key:
                raise PluginError("recollect: push_key is set and server is not; set both, or none")
            log.info("no server is set, so the theme's own search stays")
            return config
        if self.config.push_key and not config.site_url:
            raise PluginError("recollect: set site_url, since pages are pushed with their addresses")
        for name in THEIRS:
            other = config.plugins.pop(name, None)
            for methods in config.plugins.events.values():
                methods[:] = [method for method in methods if other is None or _owner(method) is not other]
        return config

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Keeps what a page says."""
        if self.config.push_key and page.canonical_url:
            language = str(config.theme.get("language") or config.theme.get("locale") or "")
            self._pages.append(BuiltPage(page.canonical_url, str(page.title), html, language))
        return html

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Puts the box into a finished page."""
        return self._boxed(output)

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Puts it into pages that have no source, such as the one for addresses that do not exist."""
        return self._boxed(output_content) if template_name.endswith(".html") else output_content

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Pushes the pages where there is a key for it."""
        if not self.config.push_key or self._is_preview:
            return
        try:
            count = push(
                self.config.server, self.config.push_key, self.config.source, self._pages, is_all=not self._is_dirty
            )
        except BadInput as error:
            raise PluginError(f"recollect: {error}") from error
        log.info("pushed %d pages to %s", count, self.config.server)

    def _boxed(self, html: str) -> str:
        server = self.config.server
        return with_box(html, script(server), element(server, self.config.key, self._mode)) if server else html

    @property
    def _mode(self) -> Literal["modal", "inline"]:
        return "inline" if self.config.mode == "inline" else "modal"


def with_box(html: str, loading: str, box: str) -> str:
    """The page with the script in its head and the box where its theme has a search of its own."""
    head = html.find("</head>")
    if head < 0:
        return html
    html = f"{html[:head]}{loading}\n{html[head:]}"
    for start, end in PLACES:
        at = html.find(end, html.find(start) + 1) if start in html else -1
        if at >= 0:
            shown = f"<li>{box}</li>" if end == "</ul>" else box
            return f"{html[:at]}{shown}\n{html[at:]}"
    return html


def _owner(method: Any) -> Any:
    return getattr(method, "__self__", None)
