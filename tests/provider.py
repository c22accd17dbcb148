"""An identity provider in a process of its own: OpenID Connect's code flow as providers speak it, and as they must not.

Every realm, the first part of a path, is a provider by itself, with its own mind: `POST /{realm}/control` sets who
comes, what is signed with and what goes wrong. Started by `running`.
"""

import base64
import hashlib
import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import anyio
import httpx2
import uvicorn
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "portal-client", "provider-secret-7f3a"
RSA = [RSAKey.generate_key(2048, {"kid": f"rsa-{number}", "use": "sig"}) for number in range(2)]
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa-0"})
KEYS: dict[str, Any] = {
    "ES256": ECKey.generate_key("P-256", {"kid": "ec-0", "use": "sig"}),
    "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "okp-0", "use": "sig"}),
}
HASHES: dict[str, Any] = {"EdDSA": hashlib.sha512}


@dataclass
class Realm:
    """One provider and its mind."""

    issuer: str
    user: dict[str, Any] = field(default_factory=lambda: {"sub": "alice"})
    mode: str = ""
    algorithm: str = "RS256"
    rotated: int = 0
    """How often the RSA key was another."""
    document: dict[str, Any] = field(default_factory=dict[str, Any])
    """What its discovery document says otherwise."""
    info: dict[str, Any] | None = None
    """What its userinfo endpoint tells."""
    codes: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    asked: Counter[str] = field(default_factory=Counter[str])


REALMS: dict[str, Realm] = {}


def realm_of(request: Request) -> Realm:
    name = request.path_params["realm"]
    if name not in REALMS:
        REALMS[name] = Realm(f"http://{request.headers['host']}/{name}")
    return REALMS[name]


async def control(request: Request) -> Response:
    realm = realm_of(request)
    for name, value in (await request.json()).items():
        setattr(realm, name, value)
    return JSONResponse({"asked": realm.asked, "issuer": realm.issuer})


async def disturbed(realm: Realm, place: str) -> Response | None:
    """What comes instead of an answer, where something is wrong with `place`."""
    realm.asked[place] += 1
    match realm.mode:
        case mode if mode == f"{place} slow":
            await anyio.sleep(30)
        case mode if mode == f"{place} garbage":
            return PlainTextResponse("<html>no</html>")
        case mode if mode == f"{place} deep":
            return PlainTextResponse("[" * 100_000)
        case mode if mode == f"{place} redirect":
            return RedirectResponse(f"{realm.issuer}/.well-known/openid-configuration")
        case mode if mode == f"{place} huge":
            return JSONResponse({"padding": "x" * 1_000_000})
        case mode if mode == f"{place} down":
            return PlainTextResponse("down", 503)
        case _:
            pass
    return None


async def discovery(request: Request) -> Response:
    realm = realm_of(request)
    if wrong := await disturbed(realm, "discovery"):
        return wrong
    document = {
        "issuer": realm.issuer,
        "authorization_endpoint": f"{realm.issuer}/authorize",
        "token_endpoint": f"{realm.issuer}/token",
        "jwks_uri": f"{realm.issuer}/jwks",
        "userinfo_endpoint": f"{realm.issuer}/userinfo",
        "response_types_supported": ["code"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA"],
        "authorization_response_iss_parameter_supported": True,
        **realm.document,
    }
    return JSONResponse({name: value for name, value in document.items() if value is not None})


async def jwks(request: Request) -> Response:
    realm = realm_of(request)
    if wrong := await disturbed(realm, "jwks"):
        return wrong
    keys = [RSA[realm.rotated % 2], *KEYS.values()]
    published = [key.as_dict(private=False) for key in keys]
    return JSONResponse({"keys": [*published, {"kty": "oct", "k": "c2VjcmV0", "kid": "oct"}, {"kty": "new"}]})


async def authorize(request: Request) -> Response:
    realm, asked = realm_of(request), request.query_params
    realm.asked["authorize"] += 1
    assert asked["client_id"] == CLIENT
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert "openid" in asked["scope"].split()
    answer = {"state": asked["state"], "iss": realm.issuer}
    if realm.mode.startswith("error "):
        answer["error"] = realm.mode.removeprefix("error ")
    else:
        code = secrets.token_urlsafe(16)
        realm.codes[code] = {**asked, "user": realm.user}
        answer["code"] = code
    if realm.mode == "mixed up":
        answer["iss"] = "https://other.example"
    if realm.mode == "no issuer told":
        del answer["iss"]
    return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}", 302)


async def token(request: Request) -> Response:
    realm = realm_of(request)
    if wrong := await disturbed(realm, "token"):
        return wrong
    form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
    if credentials(request, form) != (CLIENT, SECRET):
        return JSONResponse({"error": "invalid_client"}, 401)
    grant = realm.codes.pop(form.get("code", ""), None)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
    if (
        grant is None
        or grant["code_challenge"] != challenge.rstrip(b"=").decode()
        or grant["redirect_uri"] != form.get("redirect_uri")
    ):
        return JSONResponse({"error": "invalid_grant"}, 400)
    access_token = f"provider-access-{secrets.token_urlsafe(16)}"
    answer: dict[str, Any] = {"access_token": access_token, "token_type": "Bearer", "expires_in": 300}
    if realm.mode == "strange expiry":
        answer["expires_in"] = {"in": "a while"}
    if realm.mode != "no id token":
        answer["id_token"] = id_token(realm, grant, access_token)
    return JSONResponse(answer)


def credentials(request: Request, form: dict[str, str]) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    name, _, secret = base64.b64decode(encoded).decode().partition(":")
    return name, secret


def claims_of(realm: Realm, grant: dict[str, Any], access_token: str) -> dict[str, Any]:
    now = int(time.time())
    digest = HASHES.get(realm.algorithm, hashlib.sha256)(access_token.encode()).digest()
    at_hash = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    claims: dict[str, Any] = {"iss": realm.issuer, "aud": CLIENT, "iat": now, "exp": now + 300}
    claims |= {"nonce": grant["nonce"], "at_hash": at_hash, **grant["user"]}
    changes: dict[str, dict[str, Any]] = {
        "wrong nonce": {"nonce": "another"},
        "no nonce": {"nonce": None},
        "wrong issuer": {"iss": "https://other.example"},
        "wrong audience": {"aud": "another-client"},
        "audiences without azp": {"aud": [CLIENT, "another-client"]},
        "audiences with azp": {"aud": [CLIENT, "another-client"], "azp": CLIENT},
        "wrong azp": {"azp": "another-client"},
        "expired": {"iat": now - 400, "exp": now - 100},
        "of the future": {"iat": now + 400, "exp": now + 900},
        "issued long ago": {"iat": now - 4_000},
        "no end": {"exp": None},
        "end as a text": {"exp": "tomorrow"},
        "no subject": {"sub": None},
        "empty subject": {"sub": ""},
        "subject as a number": {"sub": 7},
        "endless subject": {"sub": "x" * 256},
        "another access token": {"at_hash": "AAAA"},
        "access hash as a number": {"at_hash": 7},
    }
    claims |= changes.get(realm.mode, {})
    return {name: value for name, value in claims.items() if value is not None}


HEADERS: dict[str, dict[str, Any]] = {
    "no key id": {"kid": None},
    "unknown key id": {"kid": "nobody's"},
    "key id as a number": {"kid": 7},
    "other algorithm of the same key": {"alg": "RS512"},
    "its own key in the header": {"jwk": STRANGER.as_dict(private=False)},
}
"""What stands in the header of a token otherwise."""


def id_token(realm: Realm, grant: dict[str, Any], access_token: str) -> str:
    claims = claims_of(realm, grant, access_token)
    key = RSA[realm.rotated % 2] if realm.algorithm == "RS256" else KEYS[realm.algorithm]
    header = {"alg": realm.algorithm, "kid": key.kid, **HEADERS.get(realm.mode, {})}
    header = {name: value for name, value in header.items() if value is not None}
    if realm.mode in FORGED:
        return FORGED[realm.mode](header, claims, key)
    stranger = realm.mode in {"other key", "its own key in the header"}
    return signed(header, claims, STRANGER if stranger else key)


def signed(header: dict[str, Any], claims: dict[str, Any], key: Any) -> str:
    return jwt.encode(header, claims, key, registry=registry(header["alg"]))


def signed_with_the_public_key(header: dict[str, Any], claims: dict[str, Any], key: Any) -> str:
    shared = OctKey.import_key(base64.urlsafe_b64encode(key.as_pem(private=False)).decode())
    return signed({**header, "alg": "HS256"}, claims, shared)


def altered(header: dict[str, Any], claims: dict[str, Any], key: Any) -> str:
    head, _, signature = signed(header, claims, key).split(".")
    return ".".join([head, part({**claims, "sub": "mallory"}), signature])


FORGED: dict[str, Callable[[dict[str, Any], dict[str, Any], Any], str]] = {
    "unsigned": lambda _header, claims, _key: ".".join([part({"alg": "none"}), part(claims), ""]),
    "signed with the public key": signed_with_the_public_key,
    "altered": altered,
    "garbage token": lambda *_: "not.a.token",
    "header is a list": lambda _header, claims, _key: ".".join([part(["alg"]), part(claims), "AAAA"]),
    "payload is a list": lambda header, _claims, key: jws.serialize_compact(
        header, b"[1]", key, registry=registry(header["alg"])
    ),
}
"""Tokens that are none, or of which somebody made another one."""


def registry(algorithm: str) -> jws.JWSRegistry:
    return jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


async def userinfo(request: Request) -> Response:
    realm = realm_of(request)
    if wrong := await disturbed(realm, "userinfo"):
        return wrong
    assert request.headers["authorization"].startswith("Bearer provider-access-")
    return JSONResponse(realm.info if realm.info is not None else realm.user)


APP = Starlette(
    routes=[
        Route("/{realm}/control", control, methods=["POST"]),
        Route("/{realm}/.well-known/openid-configuration", discovery),
        Route("/{realm}/jwks", jwks),
        Route("/{realm}/authorize", authorize),
        Route("/{realm}/token", token, methods=["POST"]),
        Route("/{realm}/userinfo", userinfo),
    ]
)


class Provider:
    """The process, from the tests' side."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._client = httpx2.Client(base_url=self.address, trust_env=False)

    def issuer(self, realm: str) -> str:
        return f"{self.address}/{realm}"

    def set(self, realm: str, **mind: Any) -> None:
        assert self._client.post(f"/{realm}/control", json=mind).status_code == 200

    def asked(self, realm: str) -> dict[str, int]:
        """How often each of its endpoints was asked."""
        return self._client.post(f"/{realm}/control", json={}).json()["asked"]

    def close(self) -> None:
        self._client.close()


@contextmanager
def running() -> Iterator[Provider]:
    """A provider's process, listening by the time it is there."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        port = listener.getsockname()[1]
        command = [sys.executable, __file__, str(listener.fileno())]
        process = subprocess.Popen(
            command, pass_fds=[listener.fileno()], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    provider = Provider(port)
    try:
        yield provider
    finally:
        provider.close()
        process.communicate()


def end_with_the_tests() -> None:
    """Stop when whoever started this closes its end, or is no more."""
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_the_tests, daemon=True).start()
    uvicorn.run(APP, fd=int(sys.argv[1]), log_level="critical", lifespan="off")
