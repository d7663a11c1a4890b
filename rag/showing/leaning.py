"""Whether a text begins with words that mean something said before it. Pure."""

import re

_LEANS = re.compile(
    r"(?:\s*[(\"'“]?)(?:"
    r"it|they|them|he|she|its|their|this|that|these|those|such|here|otherwise|however|therefore|thus|hence|then|also|but|"
    r"so|instead|additionally|furthermore|moreover|likewise|similarly|conversely|consequently|for (?:example|instance)|"
    r"in (?:this|that|these|those|such|either|both|all) \w+|the (?:latter|former|same|above)|both|neither|either|"
    r"in (?:addition|contrast|particular|other words)|as (?:such|a result|above)|if (?:so|not)|"
    r"dies(?:e|er|es|em|en)?|er|sie|es|damit|dadurch|außerdem|cela|ceci|cette|ces|il|elle|ils|elles|"
    r"it['’]s|that['’]s|they['’]re"
    r")\b",
    re.IGNORECASE,
)


def leans(text: str) -> bool:
    """``In this mode, writers do not wait.`` leans on what says which mode."""
    return _LEANS.match(text) is not None
