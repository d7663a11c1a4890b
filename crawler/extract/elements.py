"""Elements of HTML by how they are read."""

MAX_DEPTH = 150
"""Below this depth the rest is taken as plain text: real pages end near 40, and the stack must hold."""

SKIPPED = frozenset(
    {"-comment", "head", "title", "meta", "link", "style", "script", "noscript", "template", "svg", "canvas", "object"}
    | {"embed", "iframe", "frame", "frameset", "noframes", "audio", "video", "map", "area", "img", "button", "input"}
    | {"select", "option", "optgroup", "datalist", "textarea", "progress", "meter", "dialog", "wbr"}
)
INLINE_LEAVES = frozenset(
    {
        "code",
        "kbd",
        "samp",
        "var",
        "em",
        "strong",
        "i",
        "b",
        "u",
        "s",
        "small",
        "sub",
        "sup",
        "cite",
        "q",
        "dfn",
        "abbr",
    }
    | {"time", "mark", "bdi", "bdo", "tt", "big", "strike", "del", "ins", "data", "nobr", "acronym"}
)
INLINE = frozenset({"a", "span", "font", "label", "ruby", "rb", "rt", "rp", "rtc", "output", "picture", "slot"})
