"""Somebody sets a second factor up at the demo, shows it in another session, and loses it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.authenticator_app import App
from tests.gateway.demo.process import Demo
from tests.gateway.demo.walking import EXAMPLES, PORTALS, token
from ventanilla.gateway.demo import DEMO
from ventanilla.gateway.services import utc_now

SLUG = "inmobiliaria"
ADMIN = next(each for each in DEMO if each.slug == SLUG).staff[1].email
EMAIL = next(each for each in DEMO if each.slug == SLUG).people[-1].email


class Session:
    """One session of somebody, whoever else is signed in."""

    def __init__(self, demo: Demo, email: str = EMAIL) -> None:
        self.demo, self.port = demo, demo.port + PORTALS[SLUG]
        self.token = demo.token(self.port, email)

    def ask(self, name: str, given: dict[str, Any] | None = None) -> Any:
        """What the one field of an example answered, without a refusal."""
        headers = {"authorization": f"Bearer {self.token}"}
        answer = self.demo.ask(self.port, EXAMPLES[name], given and {"input": given}, **headers)
        (found,) = answer.values()
        assert found.get("userErrors", []) == []
        return found

    def set_up(self) -> tuple[App, list[str]]:
        app = App.scan(self.ask("start-second-factor", {"password": None})["otpauthUri"])
        confirmed = self.ask("confirm-second-factor", {"code": app.code(utc_now())})
        assert confirmed["viewer"]["secondFactor"]["setUpAt"]
        return app, confirmed["recoveryCodes"]


@pytest.fixture
def anew() -> Iterator[None]:
    """Sessions that a test ends are forgotten afterwards."""
    yield
    token.cache_clear()


@pytest.mark.usefixtures("anew")
def test_a_second_factor_is_set_up_shown_and_given_up(demo: Demo) -> None:
    first = Session(demo)
    assert first.ask("second-factor")["secondFactor"] == {"setUpAt": None, "recoveryCodesLeft": 0, "due": False}
    app, codes = first.set_up()
    assert (app.account, len(codes)) == (EMAIL, 10)

    second = Session(demo)
    due = second.ask("second-factor")
    assert (due["onboardingState"], due["secondFactor"]["due"]) == ("NEEDS_SECOND_FACTOR", True)
    shown = second.ask("show-second-factor", {"code": app.code(utc_now(), 1)})["viewer"]
    assert (shown["onboardingState"], shown["secondFactor"]) == ("READY", {"recoveryCodesLeft": 10, "due": False})
    assert second.ask("notices")["notices"]["nodes"] is not None

    third = Session(demo)
    assert third.ask("show-second-factor", {"code": codes[0]})["viewer"]["secondFactor"]["recoveryCodesLeft"] == 9
    assert third.ask("remove-second-factor", {"code": codes[1]})["viewer"]["secondFactor"] == {"setUpAt": None}
    assert Session(demo).ask("second-factor")["onboardingState"] == "READY"


@pytest.mark.usefixtures("anew")
def test_an_admin_takes_it_away_from_who_has_lost_it(demo: Demo) -> None:
    lost, admin = Session(demo), Session(demo, ADMIN)
    lost.set_up()
    (person,) = demo.ask(
        admin.port, EXAMPLES["staff-people"], {"search": EMAIL}, authorization=f"Bearer {admin.token}"
    )["staff"]["people"]["nodes"]
    done = admin.ask("reset-second-factor", {"id": person["id"]})
    assert (done["person"]["secondFactorAt"], done["endedSessions"] > 0) == (None, True)
    assert Session(demo).ask("second-factor")["secondFactor"]["setUpAt"] is None
