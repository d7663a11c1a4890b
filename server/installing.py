"""A trained model beside the config file, and named there."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Place:
    """Where a model goes: the folder of this name, named under ``key`` of a section; for a person it is ``what``."""

    folder: str
    section: str
    key: str
    what: str


def install(model: Path, place: Place, config_file: Path | None) -> list[str]:
    """Copy the folder ``model`` beside the config file (else here) and name it there; what was done, for a person.

    A config file that has another model of its own is not touched.
    """
    folder = (config_file.parent if config_file else Path()).resolve() / place.folder
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(model, fresh)
    if folder.exists():
        shutil.rmtree(folder)
    fresh.replace(folder)
    setting = f"{place.section}: {{kind: bundled, {place.key}: {json.dumps(str(folder))}}}"
    if config_file is None:
        return [f"Copied the model to {folder}. To use it, put into recollect.yml: {setting}"]
    text = config_file.read_text("utf-8")
    section: dict[str, Any] = (yaml.safe_load(text) or {}).get(place.section) or {}
    if section.get("kind") == "bundled" and section.get(place.key) == str(folder):
        return [f"Replaced the model in {folder}, which {config_file} names"]
    if section:
        what = f"names another {place.what}; to use this one, write {setting}"
        return [f"Copied the model to {folder}. {config_file} {what}"]
    config_file.write_text(f"{text.rstrip()}\n\n{setting}\n".lstrip(), "utf-8")
    return [f"Installed the model in {folder}; {config_file} names it as the {place.what}"]
