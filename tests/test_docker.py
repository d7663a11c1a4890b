"""What the containers are told to do exists: commands, options, settings, secrets."""

import json
import os
import re
import shlex
import shutil
import subprocess
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import click
import pytest
import typer
import yaml

from server.cli import app
from server.settings.config import PREFIX, keys, variable_of
from tests.support.elasticsearch import VERSION
from tests.support.need import missing

ROOT = Path(__file__).parents[1]
DOCKER = ROOT / "docker"
ADDITIONS = {"compose.postgres": "compose"}
"""Files that are given to docker compose after another one, whose services they add to."""


def merged(base: Any, addition: Any) -> Any:
    """Two values of a setting as docker compose merges them."""
    if isinstance(base, dict) and isinstance(addition, dict):
        return {**base, **{key: merged(base.get(key), value) for key, value in addition.items()}}
    return addition


FILES = {path.stem: yaml.safe_load(path.read_text()) for path in sorted(DOCKER.glob("compose*.yml"))}
FILES |= {stem: merged(FILES[base], FILES[stem]) for stem, base in ADDITIONS.items()}
SERVICES: dict[str, Any] = {
    f"{stem}/{name}": service for stem, file in FILES.items() for name, service in file["services"].items()
}
OURS = {name: service for name, service in SERVICES.items() if service.get("image") == "recollect"}
CLUSTER = ("worker", "crawl", "scheduler", "crawler")
REFERENCE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(:[?-])?([^}]*)\}")


def check_command(words: list[str]) -> None:
    command = cast(click.Group, typer.main.get_command(app)).commands[words[0]]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words[1:] if word.startswith("--")} <= known


def example() -> dict[str, str]:
    lines = (DOCKER / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.mark.parametrize("name", OURS)
def test_commands_of_the_services_exist(name: str) -> None:
    service = OURS[name]
    words = [*service.get("entrypoint", ["recollect"])[1:], *service.get("command", [])]
    check_command([REFERENCE.sub("1", word) for word in words])


def test_the_command_of_the_image_exists() -> None:
    text = (DOCKER / "Dockerfile").read_text()
    assert 'ENTRYPOINT ["recollect"]' in text
    check_command(yaml.safe_load(re.findall(r"^CMD (.*)$", text, re.MULTILINE)[-1]))


@pytest.mark.parametrize("stem", FILES)
def test_commands_in_the_comments_name_files_and_services_that_exist(stem: str) -> None:
    text = (DOCKER / f"{stem}.yml").read_text()
    commands = [
        shlex.split(line.removeprefix("#")) for line in text.splitlines() if line.startswith("#   docker compose")
    ]
    assert len(commands) >= 2
    for words in commands:
        files = [word for before, word in pairwise(words) if before == "-f"]
        assert files == [f"docker/{name}.yml" for name in (ADDITIONS.get(stem), stem) if name]
        if "run" in words:
            assert words[-2] in FILES[stem]["services"]


@pytest.mark.parametrize("name", OURS)
def test_settings_given_to_the_services_exist(name: str) -> None:
    given = {name for name in OURS[name].get("environment", {}) if name.startswith(PREFIX)}
    assert given <= {variable_of(key) for key in keys()}


def test_the_image_keeps_its_index_in_the_volume() -> None:
    text = (DOCKER / "Dockerfile").read_text()
    given = dict(re.findall(rf"({PREFIX}\w+)=(\S+)", text))
    assert given == {variable_of("data"): "/data"}
    assert "VOLUME /data" in text


def test_what_works_with_the_cluster_knows_it_and_the_queue() -> None:
    for name in (f"{stem}/{one}" for stem in ("compose", "compose.postgres") for one in CLUSTER):
        assert {"RECOLLECT_STORE", "RECOLLECT_BROKER"} <= set(OURS[name]["environment"])
    assert "RECOLLECT_STORE" in OURS["compose/api"]["environment"]


def test_what_crawls_waits_for_the_database_that_it_is_told_of() -> None:
    for name in ("crawl", "crawler"):
        service = OURS[f"compose.postgres/{name}"]
        assert service["environment"]["RECOLLECT_FRONTIER"].endswith("@postgres:5432/crawls")
        assert service["depends_on"]["postgres"] == {"condition": "service_healthy"}
        assert "redis" in service["depends_on"]


@pytest.mark.parametrize("name", SERVICES)
def test_networks_volumes_and_services_that_are_named_exist(name: str) -> None:
    file, service = FILES[name.partition("/")[0]], SERVICES[name]
    assert set(service.get("networks", [])) <= set(file.get("networks", {}))
    named = {volume.partition(":")[0] for volume in service.get("volumes", []) if volume[0] not in "./"}
    assert named <= set(file["volumes"])
    for other in service.get("depends_on", {}):
        assert "healthcheck" in file["services"][other]
        # A service outside of all profiles would start without what it waits for.
        assert not file["services"][other].get("profiles")


def compose() -> list[str]:
    """Docker Compose 2, which needs no engine to read its files."""
    for words in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(words[0]):
            ran = subprocess.run([*words, "version", "--short"], capture_output=True, text=True, check=False)
            if ran.returncode == 0 and not ran.stdout.startswith("1."):
                return words
    return missing("Docker Compose 2", "apt-get install docker-compose on Debian 13; .ci/run has it on Debian 12, too")


@pytest.mark.parametrize("stem", FILES)
def test_docker_compose_reads_the_files_as_these_tests_do(stem: str) -> None:
    files = [word for name in (ADDITIONS.get(stem), stem) if name for word in ("-f", f"docker/{name}.yml")]
    words = [*compose(), *files, "--profile", "crawl", "--profile", "schedule", "config", "--format", "json"]
    secrets = {name: "secret" for name in example() if "PASSWORD" in name}
    done = subprocess.run(words, cwd=ROOT, env=os.environ | secrets, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    services = json.loads(done.stdout)["services"]
    assert set(services) == set(FILES[stem]["services"])
    for name, service in FILES[stem]["services"].items():
        for key in ("environment", "depends_on"):
            assert set(services[name].get(key) or ()) == set(service.get(key, ()))


def test_extras_of_the_image_are_those_of_the_package() -> None:
    (extras,) = re.findall(r"\$\{wheel\}\[([a-z,]+)\]", (DOCKER / "Dockerfile").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(extras.split(",")) <= set(project["optional-dependencies"])
    assert {"celery", "documents", "postgresql"} <= set(extras.split(","))


def test_nothing_starts_with_an_empty_secret_and_none_has_a_default() -> None:
    text = "".join((DOCKER / f"{stem}.yml").read_text() for stem in ("compose", *ADDITIONS))
    used = {name: operator for name, operator, _ in REFERENCE.findall(text)}
    assert set(used) == set(example())
    for name, value in example().items():
        if "PASSWORD" in name:
            assert used[name] == ":?"
            assert value == ""
        else:
            assert value


def test_only_the_search_page_is_published_and_on_this_machine_alone_by_default() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"compose/api", "compose.postgres/api", "compose.small/api"}
    assert all(port.startswith("${LISTEN:-127.0.0.1:") for (port,) in published.values())


def test_every_service_has_a_healthcheck_or_says_why_not() -> None:
    in_image = "HEALTHCHECK" in (DOCKER / "Dockerfile").read_text()
    for service in SERVICES.values():
        assert "healthcheck" in service or (service.get("image") == "recollect" and in_image)


def test_images_are_of_fixed_versions_and_elasticsearch_is_the_one_that_is_tested() -> None:
    images = [service["image"] for service in SERVICES.values() if service["image"] != "recollect"]
    assert all(re.search(r":\$\{[A-Z_]+_VERSION:-\d+\.\d+(\.\d+)?\}$", image) for image in images)
    assert f"{{ELASTIC_VERSION:-{VERSION}}}" in SERVICES["compose/elasticsearch"]["image"]
    assert example()["ELASTIC_VERSION"] == VERSION


def test_what_the_image_is_built_from_reaches_the_build() -> None:
    text = (DOCKER / "Dockerfile").read_text()
    copied = {word for line in re.findall(r"^COPY (?!--)(.*)$", text, re.MULTILINE) for word in line.split()[:-1]}
    ignored = (DOCKER / "Dockerfile.dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == copied
    assert all((ROOT / name).exists() for name in copied)


def test_secrets_stay_out_of_the_repository() -> None:
    done = subprocess.run(["git", "check-ignore", "-q", "docker/.env"], cwd=ROOT, check=False)
    if done.returncode == 128:
        pytest.skip("not a git checkout")
    assert done.returncode == 0
