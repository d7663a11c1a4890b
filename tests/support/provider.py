"""A small OpenID provider on 127.0.0.1: it signs everybody in at once, and checks what a real one checks."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT_ID, CLIENT_SECRET = "recollect", "the secret of a test"
LIFE_S = 86_400
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)

Sign = Callable[[dict[str, Any]], str]


def signed(claims: dict[str, Any]) -> str:
    """As the provider signs."""
    return jwt.encode(claims, KEY, "RS256", {"kid": "k"})


@dataclass
class Provider:
    """``claims`` are added to a token's, None takes one out; ``sign`` makes the token; ``described`` changes what the
    provider says of itself. ``refused`` holds why codes were not taken.
    """

    issuer: str
    claims: dict[str, Any] = field(default_factory=dict)
    sign: Sign = signed
    described: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def description(self) -> dict[str, str]:
        """What stands below ``/.well-known``."""
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
        return {"issuer": self.issuer, **{k: f"{self.issuer}/{v}" for k, v in names.items()}} | self.described

    def authorize(self, asked: dict[str, str]) -> str:
        """Sign in; where the browser goes back to."""
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def token(self, sent: dict[str, str], authorization: str) -> dict[str, Any]:
        """The answer for a code, which works once."""
        asked = self.codes.pop(sent.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT_ID}:{quote_plus(CLIENT_SECRET)}".encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        reasons = {
            "invalid_client": authorization != f"Basic {basic}",
            "invalid_grant": asked is None
            or asked["redirect_uri"] != sent.get("redirect_uri")
            or (asked["code_challenge"], asked["code_challenge_method"]) != (challenge.decode().rstrip("="), "S256"),
        }
        if found := [name for name, is_so in reasons.items() if is_so]:
            self.refused += found
            return {"error": found[0]}
        assert asked is not None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "7",
            "iat": now,
            "exp": now + LIFE_S,
            "nonce": asked["nonce"],
            "email": "ann@example.com",
            "email_verified": True,
            "groups": ["staff"],
        } | self.claims
        token = self.sign({name: value for name, value in claims.items() if value is not None})
        return {"access_token": "a", "token_type": "Bearer", "id_token": token}


@contextmanager
def provider() -> Iterator[Provider]:
    """One that listens until the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", made.authorize(asked))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif parts.path == "/jwks":
                key = json.loads(RSAAlgorithm.to_jwk(KEY.public_key()))
                self.answer({"keys": [key | {"kid": "k", "use": "sig"}]})
            else:
                self.answer(made.description())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            answer = made.token(sent, self.headers.get("Authorization", ""))
            self.answer(answer, 400 if "error" in answer else 200)

        def answer(self, content: object, status: int = 200) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
