"""Signed tokens: each way to be wrong, with real keys and a real key server."""

import json
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from indexer.errors import StoreUnavailable
from server.doors.doors import Doors
from server.doors.keys import KeyFile
from server.doors.limits import LocalLimiter
from server.doors.scope import VISITOR
from server.doors.token import TokenReader, groups_in, is_token
from server.errors import NotAllowed
from server.settings.choices import ServeConfig
from server.settings.doors import TokensConfig
from tests.support.site import Reply, Site, serve, site

__all__ = ["serve", "site"]
DAY_S = 86_400
"""Tokens are signed when tests are collected; the last of them may run much later."""
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key_set() -> dict[str, Any]:
    keys = [json.loads(RSAAlgorithm.to_jwk(RSA.public_key())), json.loads(ECAlgorithm.to_jwk(CURVE.public_key()))]
    return {"keys": [key | {"kid": kid, "use": "sig"} for key, kid in zip(keys, ("r", "e"), strict=True)]}


@pytest.fixture
def config(tmp_path: Path) -> TokensConfig:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps(key_set()))
    return TokensConfig(str(file), "search", "https://login.example.com", "realm.roles")


def signed(key: Any = RSA, kid: str | None = "r", algorithm: str = "RS256", **changed: Any) -> str:
    claims = {
        "aud": "search",
        "iss": "https://login.example.com",
        "exp": time.time() + DAY_S,
        "realm": {"roles": ["staff", "board"]},
    } | changed
    headers = {"kid": kid} if kid else {}
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm, headers)


@pytest.mark.parametrize("token", [signed(), signed(CURVE, "e", "ES256"), signed(aud=["other", "search"])])
def test_a_valid_token_gives_its_groups(config: TokensConfig, token: str) -> None:
    assert TokenReader(config).groups(token) == ("staff", "board")


@pytest.mark.parametrize(
    "token",
    [
        signed(STRANGER),
        signed(kid="unknown"),
        signed(kid=None),
        signed(exp=time.time() - 60),
        signed(exp=None),
        signed(nbf=time.time() + DAY_S),
        signed(aud="other"),
        signed(aud=None),
        signed(iss="https://evil.example"),
        signed(iss=None),
        signed(b"secret" * 8, "r", "HS256"),
        signed(None, "r", "none"),
        signed(CURVE, "r", "ES256"),
        signed()[:-8] + "AAAAAAAA",
        "eyJ.eyJ.x",
    ],
)
def test_any_other_token_is_refused(config: TokensConfig, token: str) -> None:
    with pytest.raises(NotAllowed):
        TokenReader(config).groups(token)


def test_keys_come_over_http_and_strangers_do_not_make_us_ask_again(site: Site, config: TokensConfig) -> None:
    site.respond("/jwks.json", Reply(200, json.dumps(key_set()).encode(), {"Content-Type": "application/json"}))
    reader = TokenReader(TokensConfig(site.at("/jwks.json"), "search", groups_claim="realm.roles"))
    assert reader.groups(signed()) == ("staff", "board")
    for _ in range(5):
        with pytest.raises(NotAllowed):
            reader.groups(signed(kid="unknown"))
    assert len(site.requests) == 1


def test_without_the_signers_keys_nobody_is_let_in(site: Site, tmp_path: Path) -> None:
    for place in (site.at("/gone"), str(tmp_path / "none.json")):
        with pytest.raises(StoreUnavailable):
            TokenReader(TokensConfig(place, "search")).groups(signed())


@pytest.mark.parametrize(
    ("claims", "found"),
    [({"g": ["a", 1, None]}, ("a",)), ({"g": "a b"}, ("a b",)), ({"g": {"a": 1}}, ()), ({}, ()), ({"g": 3}, ())],
)
def test_groups_are_texts(claims: dict[str, Any], found: tuple[str, ...]) -> None:
    assert groups_in(claims, "g") == found


def test_a_token_stands_alone_or_beside_a_key(config: TokensConfig, tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "keys.sqlite")
    _, key = keys.create("web", list(VISITOR), sites=["a"])
    served = Doors(ServeConfig(host="0.0.0.0"), keys, LocalLimiter(), TokenReader(config))
    served.check_open()
    alone = served.asker({"authorization": f"Bearer {signed()}"}, "203.0.113.9")
    assert (alone.scopes, alone.groups) == (VISITOR, ("staff", "board"))
    both = served.asker({"authorization": f"Bearer {signed()}", "x-api-key": key}, "203.0.113.9")
    assert (both.sites, both.groups) == (("a",), ("staff", "board"))
    with pytest.raises(NotAllowed):
        served.asker({"authorization": f"Bearer {signed(STRANGER)}", "x-api-key": key}, "203.0.113.9")
    assert is_token(signed())


@pytest.mark.parametrize(
    "wrong", [{"jwks": "x"}, {"jwks": "x", "audience": "a", "algorithms": ("HS256",)}, {"algorithms": ("none",)}]
)
def test_settings_that_would_open_the_door_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="tokens"):
        TokensConfig(**wrong)
