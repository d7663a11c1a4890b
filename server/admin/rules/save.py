"""Writes the rules into the config file and searches by them; who changed them is noted."""

import hashlib
from pathlib import Path

from ranker.steering import SteerConfig
from server.admin.desk import Desk
from server.errors import BadInput, Outdated
from server.settings.steering import rules_json, write_rules


def save_rules(desk: Desk, who: str, rules: SteerConfig, version: str) -> None:
    """Make these the rules. ``version`` is the one of the file that they are made for.

    Raises BadInput where there is no file, Outdated where it is another by now, ConfigError as ``write_rules``.
    """
    file = desk.config_file
    if file is None:
        raise BadInput("There is no config file to write to", "Make one with: recollect init")
    with desk.saving:
        before = desk.backend.config.rank.steer
        if version != version_of(file):
            raise Outdated(f"{file.name} was changed meanwhile", "Load it again, and make your change anew")
        write_rules(file, rules)
        desk.backend.steer(rules)
    if rules != before:
        desk.audit.note(who, "change rank.steer", rules_json(before), rules_json(rules))


def version_of(file: Path) -> str:
    """Changes with the file's content. Raises BadInput where it cannot be read."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else "none"
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}", "Check its permissions") from error
