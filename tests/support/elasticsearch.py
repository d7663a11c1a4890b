"""A real Elasticsearch on loopback for tests.

In a test, ask for the session fixture ``elasticsearch_url`` and use an index name of your own. By hand,
``python -m tests.support.elasticsearch [--port 9218]`` starts a server, prints its URL on standard output and stops it
on Ctrl-C; then ``RECOLLECT_TEST_ELASTICSEARCH_URL=http://127.0.0.1:9218 pytest ...`` uses that one.

The server zip comes from Maven Central (needs ``mvn`` and a JDK of 21 or newer) and stays in a cache that checkouts
share: ``RECOLLECT_TEST_CACHE``, by default ``/var/cache/recollect`` for root, else ``~/.cache/recollect``.
"""

import argparse
import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.need import missing

VERSION = "9.5.3"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
SHA256 = "bec49f3b8d00e75c8d1cec85c35298635ec9fbd3ae80ef5aeb6bc05abdb3db2d"
MAVEN_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
PLUGIN = Path(__file__).parent / "elasticsearch_plugin"
PORTS = "9218-9299"
TRANSPORT_PORTS = "9318-9399"
START_TIMEOUT_S = 120.0
OLDEST_JDK = 21
NOBODY = 65534  # the server refuses to run as root; this user exists everywhere and owns nothing
JAVA_OPTS = "-Xms512m -Xmx512m -XX:-AlwaysPreTouch -XX:TieredStopAtLevel=1"
SETTINGS = """\
discovery.type: single-node
network.host: 127.0.0.1
node.portsfile: true
cluster.routing.allocation.disk.threshold_enabled: false
indices.merge.disk.check_interval: 0s
action.destructive_requires_name: false
"""


class NotAvailable(Exception):
    """A tool that the server needs is not there; ``install`` says how to get it."""

    def __init__(self, what: str, install: str) -> None:
        super().__init__(f"{what} is missing: {install}")
        self.what = what
        self.install = install


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """URL of a server without security, shared by the whole session."""
    given = os.environ.get("RECOLLECT_TEST_ELASTICSEARCH_URL")
    if given:
        yield given.rstrip("/")
        return
    try:
        server_home = home()
    except NotAvailable as error:
        missing(error.what, error.install)
    with running(server_home) as (url, _):
        yield url


def home() -> Path:
    """Folder with the server, the analysis plugin installed; fetched and built once."""
    source = b"".join(path.read_bytes() for path in sorted(PLUGIN.iterdir()))
    cache = cache_folder()
    ready = cache / f"elasticsearch-{VERSION}-{hashlib.sha256(source).hexdigest()[:12]}"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.is_dir():
            with tempfile.TemporaryDirectory(dir=cache) as folder:
                unpacked = _fetch(Path(folder))
                _install_plugin(unpacked, Path(folder))
                _make_readable(unpacked)
                unpacked.rename(ready)  # only a complete server ever bears the final name
    return ready


def cache_folder() -> Path:
    """Where servers are kept; a folder that the user who runs them can read."""
    default = "/var/cache/recollect" if os.geteuid() == 0 else "~/.cache/recollect"
    folder = Path(os.environ.get("RECOLLECT_TEST_CACHE") or default).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def find_jdk() -> Path:
    """Home of the newest JDK; JAVA_HOME wins if it is new enough."""
    places = ("/usr/lib/jvm/*", "/opt/*", "/usr/local/*jdk*", "/Library/Java/JavaVirtualMachines/*/Contents/Home")
    found = [path for place in places for path in Path("/").glob(place.lstrip("/"))]
    found += Path.home().glob(".sdkman/candidates/java/*")
    versions = {path: jdk_version(path) for path in found}
    given = os.environ.get("JAVA_HOME")
    if given:
        versions = {Path(given): jdk_version(Path(given)), **versions}
        if versions[Path(given)] >= OLDEST_JDK:
            return Path(given)
    best = max(versions, key=lambda path: versions[path], default=None)
    if best is None or versions[best] < OLDEST_JDK:
        raise NotAvailable(f"a JDK {OLDEST_JDK} or newer", "install one (temurin-21-jdk) or set JAVA_HOME to it")
    return best


def jdk_version(folder: Path) -> int:
    """Major version of the JDK in a folder; 0 if there is none (a JRE has no compiler)."""
    release = folder / "release"
    if not release.is_file() or not (folder / "bin" / "javac").is_file():
        return 0
    match = re.search(r'^JAVA_VERSION="(\d+)', release.read_text(), re.MULTILINE)
    return int(match[1]) if match else 0


def _fetch(folder: Path) -> Path:
    mvn = shutil.which("mvn")
    if mvn is None:
        raise NotAvailable("Maven (mvn), which fetches Elasticsearch", "apt-get install maven")
    command = [mvn, "-B", "-q", MAVEN_COPY, f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"]
    for attempt in (1, 2, 3):
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
        if done.returncode == 0:
            break
        time.sleep(5 * attempt)
    else:
        raise NotAvailable(f"{ARTIFACT} from Maven", f"make this succeed: {' '.join(command)}\n{done.stdout[-2000:]}")
    download = next(folder.glob("*.zip"))
    found = hashlib.sha256(download.read_bytes()).hexdigest()
    if found != SHA256:
        raise RuntimeError(f"{ARTIFACT} has SHA-256 {found}, expected {SHA256}; remove it from ~/.m2/repository")
    with zipfile.ZipFile(download) as archive:
        archive.extractall(folder)
    unpacked = folder / f"elasticsearch-{VERSION}"
    for script in (unpacked / "bin").iterdir():
        script.chmod(0o755)
    return unpacked


def _install_plugin(server: Path, folder: Path) -> None:
    jdk = find_jdk()
    libraries = [*server.glob("lib/lucene-*.jar"), *server.glob("lib/elasticsearch-plugin-*.jar")]
    path = os.pathsep.join(map(str, libraries))
    classes = folder / "classes"
    source = str(PLUGIN / "Analysis.java")
    _call([f"{jdk}/bin/javac", "--release", "21", "-cp", path, "-d", str(classes), source])
    _call([f"{jdk}/bin/jar", "--create", "--file", str(folder / "analysis.jar"), "-C", str(classes), "."])
    bundle = folder / "plugin.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.write(folder / "analysis.jar", "analysis.jar")
        archive.write(PLUGIN / "stable-plugin-descriptor.properties", "stable-plugin-descriptor.properties")
    environment = {**os.environ, "ES_JAVA_HOME": str(jdk), "CLI_JAVA_OPTS": "-Xmx512m"}
    _call([f"{server}/bin/elasticsearch-plugin", "install", "-b", bundle.as_uri()], environment)


def _call(command: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


def _make_readable(server: Path) -> None:
    """The server runs as another user than the one who unpacked it, whatever the umask was."""
    for path in (server, *server.rglob("*")):
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))


@contextlib.contextmanager
def running(
    server: Path, settings: str = "", ports: str = PORTS, files: Mapping[str, str] | None = None, scheme: str = "http"
) -> Iterator[tuple[str, int]]:
    """Start a server with its own data folder and yield (URL, pid of its launcher); it is gone afterwards.

    ``settings`` are added to elasticsearch.yml, and ``files`` (name -> content) to the configuration folder.
    """
    folder = Path(tempfile.mkdtemp(prefix="recollect-elasticsearch-"))
    try:
        user = _prepare(folder, server, settings, ports, files or {})
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(
                [f"{server}/bin/elasticsearch"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=_environment(folder),
                user=user,
                group=user,
                extra_groups=None if user is None else [],
                start_new_session=True,  # Ctrl-C reaches us alone; we stop the server afterwards
            )
        try:
            yield _wait_until_ready(process, folder, scheme), process.pid
        finally:
            _stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(folder: Path, server: Path, settings: str, ports: str, files: Mapping[str, str]) -> int | None:
    """Write the configuration; return the user id to run as, None for the present one."""
    shutil.copytree(server / "config", folder / "config")
    for name in ("data", "logs", "tmp", "snapshots"):
        (folder / name).mkdir()
    paths = f"path.data: {folder}/data\npath.logs: {folder}/logs\npath.repo: {folder}/snapshots\n"
    listen = f"http.port: {ports}\ntransport.port: {TRANSPORT_PORTS}\n"
    if "xpack.security.enabled" not in settings:
        settings += "xpack.security.enabled: false\n"
    text = SETTINGS + listen + paths + settings
    (folder / "config" / "elasticsearch.yml").write_text(text)
    for name, content in files.items():
        (folder / "config" / name).write_text(content)
    if os.geteuid() != 0:
        return None
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    return NOBODY


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "ES_PATH_CONF": str(folder / "config"),
        "ES_TMPDIR": str(folder / "tmp"),
        "ES_JAVA_HOME": str(find_jdk()),
        "ES_JAVA_OPTS": JAVA_OPTS,
    }


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Path, scheme: str) -> str:
    ports = folder / "logs" / "http.ports"
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, StopIteration):
            address = next(line for line in ports.read_text().splitlines() if line.startswith("127."))
            if _answers(f"{scheme}://{address}"):
                return f"{scheme}://{address}"
        time.sleep(0.2)
    raise RuntimeError(f"Elasticsearch did not start:\n{(folder / 'output').read_text(errors='replace')[-4000:]}")


def _answers(url: str) -> bool:
    try:
        health = f"{url}/_cluster/health?wait_for_status=yellow&timeout=30s"
        with urllib.request.urlopen(health, timeout=40, context=ssl._create_unverified_context()):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return error.code == 401  # with security on, a refusal is an answer


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)


def main() -> None:
    """Run a server until Ctrl-C."""
    parser = argparse.ArgumentParser(description="Run an Elasticsearch on loopback until Ctrl-C.")
    parser.add_argument("--port", default=PORTS, help="port or range of ports, the first free one is taken")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with running(home(), ports=arguments.port) as (url, _), contextlib.suppress(KeyboardInterrupt):
        print(url, flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
