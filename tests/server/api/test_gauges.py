"""What waits for the workers at a real broker, as /metrics tells it."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from crawler.page import Section
from indexer.document import Document, Head
from indexer.queue.config import TaskConfig
from server.api.gauges import Ages, gauges
from server.assemble import make_queue
from server.installation import Installation
from server.settings.choices import EncoderConfig
from server.settings.config import Config
from tests.support.redis import redis_url

__all__ = ["redis_url"]


@pytest.mark.redis
def test_batches_are_counted_with_the_age_of_the_oldest(redis_url: str, tmp_path: Path) -> None:
    name = uuid4().hex
    queue = replace(TaskConfig(), queue=name, crawl_queue=f"{name}-crawl", quarantine=f"{name}-dead")
    config = Config(data=tmp_path, broker=redis_url, queue=queue, encoder=EncoderConfig("hashing"))

    def told() -> dict[str, float]:
        with Installation(config) as installation:
            found = gauges(installation, Ages())
        return {gauge.name: gauge.value for gauge in found if gauge.labels.get("queue") == name}

    assert told() == {"queue_depth": 0, "queue_oldest_task_age_seconds": 0}
    head = Head("1", "https://a.example/", "A", "h")
    make_queue(config).index([Document(head, (Section("", ("a",)),))])
    waits = told()
    assert waits["queue_depth"] == 1
    assert 0 < waits["queue_oldest_task_age_seconds"] < 3_600
