"""What programs hold stands nowhere in clear: not in the database, not in a line of the log."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.gateway.oauth.programs import BACK, VERIFIER, Programs, seal_in
from ventanilla.gateway import logs

pytestmark = pytest.mark.anyio


@pytest.mark.usefixtures("loggers_as_they_were")
async def test_nothing_secret_is_kept_or_logged(
    programs: Programs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(as_json=True, level=logging.DEBUG)  # Authlib would tell its tokens there
    own, client = await programs.own(), await programs.add()
    session = await programs.session()
    query = urlencode(programs.request(client))
    async with programs.browser(**session) as browser:
        seal = seal_in((await browser.get(f"/oauth/authorize?{query}")).text)
    code = await programs.code(client)
    tokens = (await programs.exchange(client, code)).json()
    await programs.exchange(client, code)
    second = await programs.consented(client)
    third = (await programs.refresh(client, second["refresh_token"])).json()
    await programs.refresh(client, second["refresh_token"])
    secrets = [
        own.secret or "",
        client.secret or "",
        await programs.own_token(own),
        code,
        seal,
        session["cookie"].partition("=")[2],
        *(each[kind] for each in (tokens, second, third) for kind in ("access_token", "refresh_token")),
    ]
    await programs.token({"grant_type": "client_credentials", "client_secret": "guess-of-somebody"})

    logged = "".join(capsys.readouterr())
    kept = in_files(tmp_path)
    assert all(len(secret) > 40 for secret in secrets)
    assert [secret for secret in secrets if secret in logged] == []
    assert [secret for secret in secrets if secret.encode() in kept] == []
    for untold in (VERIFIER, BACK, "guess-of-somebody", "st&te"):
        assert untold not in logged
    assert all(own.secret not in repr(each) for each in (own, own.client) if own.secret)


def in_files(folder: Path) -> bytes:
    """Everything that the database wrote, its journal too."""
    return b"".join(file.read_bytes() for file in folder.glob("gateway.sqlite*"))


async def test_every_refusal_is_logged_with_its_code_and_program(
    programs: Programs, capsys: pytest.CaptureFixture[str]
) -> None:
    client = await programs.add()
    code = await programs.code(client)
    await programs.exchange(client, code)
    capsys.readouterr()
    await programs.exchange(client, code)
    logged = "".join(capsys.readouterr())
    for said in ("invalid_grant", client.client.id, "replayed", "/oauth/token"):
        assert said in logged, said

    await programs.token({"grant_type": "client_credentials", "client_id": "who-is-this"})
    logged = "".join(capsys.readouterr())
    assert "invalid_client" in logged
    assert "who-is-this" not in logged
