"""The JavaScript client, run by Node against a real server: every method and what a refusal says."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import server.client
from server.assemble import key_file
from server.doors.scope import Scope
from server.installation import Installation
from server.settings.choices import EncoderConfig, ScorerConfig
from server.settings.config import Config
from tests.support.need import missing
from tests.support.served import running

CLIENT = Path(server.client.__file__).parent / "recollect.mjs"
VISIT = """
import { Recollect, Refused } from "%(client)s";
const [address, key] = process.argv.slice(2);
const server = new Recollect(address + "/", { key });
const said = {};
const url = "https://a.example/badger";
const badger = { id: "badger", title: "Badger food", text: "The badger eats earthworms.", url };
const many = Array.from({ length: 501 }, (_, i) => ({ id: `n${i}`, title: `Note ${i}`, text: `Note number ${i}.` }));
const jobs = await server.push([badger, ...many], { source: "zoo" });
said.jobs = [];
for (const { job } of jobs) said.jobs.push((await server.done(job)).state);
said.found = (await server.search("badger", { size: 3, source: ["zoo", "other"] })).hits.map((hit) => hit.url);
said.suggested = (await server.suggest("badg")).suggestions.length;
said.answer = (await server.answer("What does the badger eat?")).answer;
said.events = [];
for await (const { name } of server.stream("What does the badger eat?")) said.events.push(name);
await server.feedback("badger", true, { url });
await server.click("badger", url, { position: 1 });
const left = await server.delete(["badger"], { source: "zoo" });
await server.done(left.job);
said.after = (await server.search("badger")).total;
try {
  await new Recollect(address, { key: "rk_wrong" }).search("badger");
} catch (error) {
  said.refused = [error instanceof Refused, error.status, error.what.length > 0, error.cure.length > 0];
}
console.log(JSON.stringify(said));
"""


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    config = Config(data=tmp_path / "data", encoder=EncoderConfig("hashing"), scorer=ScorerConfig("overlap"))
    with Installation(config) as opened:
        yield opened


def test_every_method_in_node(installation: Installation, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        missing("node", "apt-get install nodejs")
    _, key = key_file(installation.config).create("one", list(Scope))
    script = tmp_path / "visit.mjs"
    script.write_text(VISIT % {"client": CLIENT.as_uri()})
    with running(installation) as address:
        ran = subprocess.run([str(node), str(script), address, key], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert said["jobs"] == ["done", "done"]
    assert said["found"] == ["https://a.example/badger"]
    assert said["suggested"] > 0
    assert "earthworms" in said["answer"]
    assert said["events"][-1] == "done"
    assert said["after"] == 0
    assert said["refused"] == [True, 401, True, True]
