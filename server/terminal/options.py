"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

ConfigFile = Annotated[
    Path | None, typer.Option("--config", "-c", metavar="FILE", help="Config file; without it recollect.yml, if there")
]
Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Use the embedded index in this folder")]
StoreUrl = Annotated[
    str | None,
    typer.Option("--store", metavar="URL", help="Use an Elasticsearch index, such as http://localhost:9200/docs"),
]
Broker = Annotated[
    str | None,
    typer.Option("--broker", metavar="URL", help="Hand documents to workers, such as redis://localhost:6379/0"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log what is done, on standard error")]
Rebuild = Annotated[bool, typer.Option("--rebuild", help="Fill a new index, which then takes the present one's place")]
RemoveAll = Annotated[
    bool, typer.Option("--yes", help="Remove what is gone however much it is (see crawl.max_purge_share)")
]
EXIT_PURGE_HELD = 3
"""Exit status where so much is gone that without ``RemoveAll`` nothing was removed."""

Group = Annotated[
    list[str] | None, typer.Option("--group", metavar="NAME", help="Ask as a member of this access group")
]
