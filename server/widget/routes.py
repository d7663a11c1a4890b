"""The files of the search box, for the pages of any site."""

import gzip
import hashlib
import re
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

FOLDER = Path(__file__).parent
FILES = tuple(sorted(path.name for path in FOLDER.glob("*.js")))
AN_HOUR = "public, max-age=3600"
"""The address never changes, so that pages need not; a browser asks again after this long."""

# Module scripts of other origins are fetched with CORS. The files are the same for everybody.
FOR_EVERYBODY = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

router = APIRouter(include_in_schema=False)


@router.get("/widget/{name}")
def get_widget(request: Request, name: str) -> Response:
    """One file of the search box; 304 where the browser has it."""
    if name not in FILES:
        return Response(status_code=404)
    content, tag = packed(name)
    headers = {"Cache-Control": AN_HOUR, "ETag": tag, "Vary": "Accept-Encoding", **FOR_EVERYBODY}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(content, media_type="text/javascript", headers={**headers, "Content-Encoding": "gzip"})
    return Response(gzip.decompress(content), media_type="text/javascript", headers=headers)


@cache
def packed(name: str) -> tuple[bytes, str]:
    """A file as it is sent, gzipped, and its entity tag."""
    # Whole lines of comments and indentation are for those who read the source.
    content = re.sub(rb"^\s*(?://.*\n\s*)*", b"", (FOLDER / name).read_bytes(), flags=re.MULTILINE)
    return gzip.compress(content, mtime=0), f'W/"{hashlib.sha256(content).hexdigest()[:16]}"'
