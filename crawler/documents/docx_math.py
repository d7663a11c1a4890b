"""Equations of Word documents in one line, as formulas of pages are written: ``a^2``, ``(a+b)/c``, ``√(x)``."""

from collections.abc import Callable
from typing import Any

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PROPERTIES = "Pr"
_MAX_DEPTH = 40


def equation(element: Any, depth: int = 0) -> str:
    """What an ``oMath`` element, or a part of it, says."""
    name = element.tag.removeprefix(MATH) if isinstance(element.tag, str) else ""
    if name.endswith(_PROPERTIES) or depth > _MAX_DEPTH:
        return ""
    if name in _WRITTEN:
        parts = {child.tag.removeprefix(MATH): equation(child, depth + 1) for child in element if _is_part(child)}
        return _WRITTEN[name](parts, element)
    inner = [equation(child, depth + 1) for child in element]
    if name == "d":
        return f"({', '.join(filter(None, inner))})"
    return (element.text or "") if name == "t" else "".join(inner)


def _is_part(child: Any) -> bool:
    return isinstance(child.tag, str) and child.tag.startswith(MATH)


def _scripts(parts: dict[str, str]) -> str:
    low = f"_{_whole(parts['sub'])}" if parts.get("sub") else ""
    return low + (f"^{_whole(parts['sup'])}" if parts.get("sup") else "")


def _whole(said: str) -> str:
    """In brackets, where it is more than one number or name."""
    return said if said.isalnum() or len(said) == 1 else f"({said})"


def _root(parts: dict[str, str], _: Any) -> str:
    whole = _whole(parts.get("e", ""))
    return f"{whole}^(1/{parts['deg']})" if parts.get("deg") else f"√{whole}"


def _sum(parts: dict[str, str], element: Any) -> str:
    sign = element.find(f"{MATH}naryPr/{MATH}chr")
    return f"{sign.get(f'{MATH}val') if sign is not None else '∫'}{_scripts(parts)} {parts.get('e', '')}"


def _script(parts: dict[str, str], _: Any) -> str:
    return parts.get("e", "") + _scripts(parts)


def _fraction(parts: dict[str, str], _: Any) -> str:
    return f"{_whole(parts.get('num', ''))}/{_whole(parts.get('den', ''))}"


_WRITTEN: dict[str, Callable[[dict[str, str], Any], str]] = {
    "f": _fraction,
    "sSup": _script,
    "sSub": _script,
    "sSubSup": _script,
    "rad": _root,
    "nary": _sum,
}
