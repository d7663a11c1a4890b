"""At which line of a config file does a setting stand?"""

import re
from pathlib import Path

import yaml

from server.errors import ConfigError

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def with_line(error: ConfigError, file: Path | None) -> ConfigError:
    """The same error with the line of the setting it names, where that is in the file."""
    line = line_of(file, error.key) if file and error.key else 0
    return ConfigError(f"{error.what} (line {line} of {file})", error.cure, error.key) if line else error


def line_of(file: Path, key: str) -> int:
    """The line, from 1, of a dotted key (``sites[1].crawl.max_pages``), or of as much of it as there is; 0 for none."""
    try:
        node = yaml.compose(file.read_text("utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return 0
    line = 0
    for name, number in _STEP.findall(key):
        if isinstance(node, yaml.MappingNode) and name:
            found = next(((k, v) for k, v in node.value if k.value == name), None)
            if found is None:
                break
            node, line = found[1], found[0].start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and number and int(number) < len(node.value):
            node = node.value[int(number)]
            line = node.start_mark.line + 1
        else:
            break
    return line
