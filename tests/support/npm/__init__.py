"""Packages of npm that tests run as they are: what their users install, at the versions of package-lock.json."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from tests.support.need import missing

HERE = Path(__file__).parent
BUILD = HERE.parents[2] / "build" / "npm"
INSTALL_S = 240


def packages() -> Path:
    """The folder with node_modules, installed once for each state of package-lock.json."""
    if shutil.which("npm") is None:
        missing("npm", "apt-get install nodejs npm")
    lock = HERE / "package-lock.json"
    folder = BUILD / hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    if folder.is_dir():
        return folder
    making = BUILD / f"{folder.name}.part"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    for file in (HERE / "package.json", lock):
        shutil.copy(file, making)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    ran = subprocess.run(command, cwd=making, capture_output=True, text=True, timeout=INSTALL_S, check=False)
    if ran.returncode:
        missing(f"what npm installs ({ran.stderr.strip()[-300:]})", "npm ci, with a connection to a registry")
    making.rename(folder)
    return folder
