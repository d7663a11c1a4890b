"""Shadow roots written in the page: a browser shows what such a ``template`` holds inside the element it stands in."""

import re

MARK = "shadowrootmode"

_TEMPLATE = re.compile(r"<template\b([^>]*)>|</template\s*>", re.IGNORECASE)
_SHADOW = re.compile(rf"\s{MARK}\s*=\s*[\"']?(?:open|closed)\b", re.IGNORECASE)


def open_shadow_roots(html: str) -> str:
    """The page with an element of no known kind in the place of each shadow root; other templates stay.

    >>> open_shadow_roots("<x-card><template shadowrootmode=open><p>Hi</p></template></x-card>")
    '<x-card><shadow-root><p>Hi</p></shadow-root></x-card>'
    """
    are_shown: list[bool] = []

    def shown(tag: re.Match[str]) -> str:
        if tag[1] is not None:
            are_shown.append(_SHADOW.search(tag[1]) is not None)
            return "<shadow-root>" if are_shown[-1] else tag[0]
        return "</shadow-root>" if are_shown and are_shown.pop() else tag[0]

    return _TEMPLATE.sub(shown, html)
