"""The Sphinx extension ``server.builders.sphinx``: our search box in place of theirs, and the pages to a server."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.util import logging

from server.builders.push import BuiltPage, push
from server.errors import BadInput
from server.widget.box import address_of, element

TEMPLATES = Path(__file__).with_name("templates")
"""They take the place of a theme's own of the same name: ``searchbox.html``, Furo's, and the page of results."""

PAGES = "recollect_pages"
log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    """What Sphinx calls: settings, and what is done when."""
    for name, default in (("server", ""), ("key", ""), ("mode", "modal"), ("push_key", ""), ("source", "docs")):
        app.add_config_value(f"recollect_{name}", default, "html", str)
    app.connect("config-inited", _prepare)
    # Pages are gathered while they are written, in one process.
    return {"version": version("recollect"), "parallel_read_safe": True, "parallel_write_safe": False}


def _prepare(app: Sphinx, config: Config) -> None:
    if not config.recollect_server:
        if config.recollect_push_key:
            raise ExtensionError("recollect_push_key is set and recollect_server is not; set both, or none")
        log.info("recollect_server is not set, so the theme's own search stays")
        return
    if config.recollect_push_key and not config.html_baseurl:
        raise ExtensionError("Set html_baseurl, since pages are pushed with their addresses")
    config.templates_path.append(str(TEMPLATES))
    app.add_js_file(address_of(config.recollect_server), type="module")
    setattr(app, PAGES, {})
    app.connect("html-page-context", _on_page)
    app.connect("build-finished", _on_finished)


def _on_page(app: Sphinx, name: str, template: str, context: dict[str, Any], tree: object | None) -> None:
    config = app.config
    context["recollect_box"] = element(config.recollect_server, config.recollect_key, config.recollect_mode)
    context["recollect_page"] = element(config.recollect_server, config.recollect_key, "page")
    if config.recollect_push_key and tree is not None and name in app.env.found_docs:
        url = f"{config.html_baseurl.rstrip('/')}/{app.builder.get_target_uri(name)}"
        title = app.env.titles[name].astext() if name in app.env.titles else name
        getattr(app, PAGES)[name] = BuiltPage(url, title, context.get("body", ""), config.language or "")


def _on_finished(app: Sphinx, error: Exception | None) -> None:
    if error is not None or not app.config.recollect_push_key:
        return
    pages: dict[str, BuiltPage] = getattr(app, PAGES)
    try:
        # A build may write only what was changed; the other pages are there as they were.
        is_all = set(pages) == set(app.env.found_docs)
        count = push(
            app.config.recollect_server,
            app.config.recollect_push_key,
            app.config.recollect_source,
            pages.values(),
            is_all=is_all,
        )
    except BadInput as problem:
        raise ExtensionError(f"recollect: {problem}") from problem
    log.info("pushed %d pages to %s", count, app.config.recollect_server)
