"""The process that reads documents: takes one on standard input, writes its text to standard output, again and again.

A document comes from a stranger and goes through libraries in C, so this process may use no more memory than it is
given, writes no files, and hands back plain JSON. Whoever started it ends it when a document takes too long.

A request is two frames (see ``crawler.process``), JSON settings and the document; a reply is one frame of JSON.
"""

import json
import os
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from crawler.block_values import blocks_to_values
from crawler.documents.docx import read_docx
from crawler.documents.draft import DocumentConfig, Draft, Refusal
from crawler.documents.pdf import read_pdf
from crawler.documents.pptx import read_pptx
from crawler.documents.table import read_csv, read_xlsx
from crawler.documents.zip import as_transitional, check_zip, read_properties
from crawler.outcome import Reason
from crawler.process import read_frame, write_frame

READERS: dict[str, Callable[[bytes, Draft], None]] = {
    "pdf": read_pdf,
    "docx": read_docx,
    "pptx": read_pptx,
    "xlsx": read_xlsx,
    "csv": read_csv,
}
ZIPPED = ("docx", "pptx", "xlsx")


def read_document(kind: str, data: bytes, config: DocumentConfig) -> dict[str, Any]:
    """One document as JSON values: its text, or the reason why there is none. Never raises for a bad document."""
    draft = Draft(config)
    try:
        if kind in ZIPPED:
            check_zip(data, config)
            data = as_transitional(data)
            read_properties(data, draft)
        READERS[kind](data, draft)
    except Refusal as refusal:
        return {"reason": refusal.reason, "what": refusal.what, "cure": refusal.cure}
    except ImportError as error:
        return {"reason": Reason.MISSING_EXTRA, "what": f"cannot be read without {error.name}", "cure": ""}
    except (MemoryError, RecursionError):
        return {"reason": Reason.MEMORY, "what": "takes more memory than allowed", "cure": "Raise max_memory_bytes"}
    except Exception as error:  # noqa: BLE001  a damaged file may raise anything in the libraries that read it
        what = f"is damaged: {type(error).__name__} {str(error).splitlines()[0][:200] if str(error) else ''}".rstrip()
        return {"reason": Reason.DAMAGED, "what": what, "cure": "Open and save it again, or leave it out"}
    return {
        "title": draft.title,
        "metadata": draft.metadata,
        "notes": draft.notes,
        "sections": [
            [s.text, s.heading_path, s.page_number, s.anchor, blocks_to_values(s.blocks)] for s in draft.sections
        ],
    }


def serve() -> None:
    """Answer requests until standard input ends."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not write into a reply
    is_limited = False
    while (head := read_frame(requests)) is not None and (data := read_frame(requests)) is not None:
        settings = json.loads(head)
        names = {field.name for field in fields(DocumentConfig)}
        config = DocumentConfig(**{key: value for key, value in settings.items() if key in names})
        if not is_limited:
            _limit(config)
            is_limited = True
        reply = read_document(settings["kind"], data, config)
        write_frame(replies, json.dumps(reply).encode())


def _limit(config: DocumentConfig) -> None:
    import resource  # not on every system, and the process that starts this one has no use for it

    resource.setrlimit(resource.RLIMIT_AS, (config.max_memory_bytes, config.max_memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    cpu_s = int(config.timeout_s * config.documents_per_process) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
