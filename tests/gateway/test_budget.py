"""Points in a window: per caller, per manager, at least one an operation, and nothing kept of a window that ended."""

from datetime import UTC, datetime, timedelta

import pytest

from ventanilla.gateway.budget import WINDOW_S, Budget, OverBudgetError


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_points_are_counted_down_and_come_back_with_the_next_window() -> None:
    clock = Clock()
    budget = Budget(100, 1_000, clock)
    assert budget.spend("sur", "ana", 30).remaining == 70
    clock.now += 10
    standing = budget.spend("sur", "ana", 30)
    assert (standing.limit, standing.remaining, standing.resets_in_s) == (100, 40, WINDOW_S - 10)
    clock.now += WINDOW_S - 10
    assert budget.spend("sur", "ana", 30).remaining == 70


def test_what_does_not_fit_is_refused_and_not_counted() -> None:
    budget = Budget(100, 1_000, Clock())
    budget.spend("sur", "ana", 90)
    with pytest.raises(OverBudgetError) as refused:
        budget.spend("sur", "ana", 11)
    assert refused.value.standing.remaining == 10
    assert refused.value.standing.resets_in_s == WINDOW_S
    assert budget.spend("sur", "ana", 10).remaining == 0


def test_an_operation_that_costs_nothing_costs_a_point() -> None:
    assert Budget(100, 1_000, Clock()).spend("sur", "ana", 0).remaining == 99


def test_callers_share_their_managers_points_and_managers_share_nothing() -> None:
    budget = Budget(100, 150, Clock())
    budget.spend("sur", "ana", 100)
    budget.spend("sur", "beto", 50)
    with pytest.raises(OverBudgetError) as refused:
        budget.spend("sur", "carla", 1)
    assert (refused.value.standing.limit, refused.value.standing.remaining) == (150, 0)
    assert budget.spend("norte", "ana", 100).remaining == 0


def test_who_exports_has_points_of_its_own_and_takes_none_from_the_others() -> None:
    budget = Budget(100, 150, Clock(), per_export=140)
    standing = budget.spend("sur", "planilla", 140, exports=True)
    assert (standing.limit, standing.remaining) == (140, 0)
    with pytest.raises(OverBudgetError) as refused:
        budget.spend("sur", "planilla", 1, exports=True)
    assert refused.value.standing.limit == 140
    with pytest.raises(OverBudgetError) as refused:
        budget.spend("sur", "another program", 11, exports=True)
    assert (refused.value.standing.limit, refused.value.standing.remaining) == (150, 10)
    assert budget.spend("sur", "ana", 100).remaining == 0
    assert budget.spend("norte", "planilla", 1, exports=True).remaining == 139


def test_nothing_is_kept_of_a_window_that_has_ended() -> None:
    clock = Clock()
    budget = Budget(100, 1_000_000, clock)
    for number in range(5_000):
        budget.spend("sur", f"caller {number}", 1)
    clock.now += WINDOW_S
    budget.spend("sur", "ana", 1)
    assert len(vars(budget)["_spent"]) == 2


@pytest.mark.anyio
async def test_every_answer_tells_what_it_cost_and_what_is_left(gateway) -> None:
    asked = datetime.now(UTC)
    first, second = await gateway.ask("{ a: hello b: hello }"), await gateway.ask("{ refused }")

    cost = first.json()["extensions"]["cost"]
    assert (cost["requested"], cost["limit"], cost["remaining"]) == (2, 10_000, 59_998)
    resets = datetime.fromisoformat(cost["resetAt"])
    assert timedelta(0) < resets - asked <= timedelta(seconds=WINDOW_S + 2)
    assert second.json()["extensions"]["cost"]["remaining"] == 59_997
    assert second.headers["ratelimit-policy"] == '"points";q=60000;w=60'
    assert second.headers["ratelimit"].startswith('"points";r=59997;t=')


@pytest.mark.anyio
async def test_who_is_over_the_window_is_told_when_to_come_back_and_others_are_not(start) -> None:
    async with start(points_per_caller=3) as gateway:
        assert (await gateway.ask("{ a: hello b: hello }")).status_code == 200
        refused = await gateway.ask("{ a: hello b: hello }")
        assert refused.status_code == 429
        error = refused.json()["errors"][0]
        assert error["extensions"]["code"] == "RATE_LIMITED"
        assert error["extensions"]["retryAfter"] == int(refused.headers["retry-after"]) > 0
        assert "data" not in refused.json()
        async with gateway.client(peer="203.0.113.10") as other:
            assert (await other.post("/graphql", json={"query": "{ hello }"})).status_code == 200
        token = await gateway.token()
        assert (await gateway.ask("{ hello }", authorization=f"Bearer {token}")).status_code == 200
        assert (await gateway.ask("{ hello }", "lares.example")).status_code == 200


@pytest.mark.anyio
async def test_who_roams_in_one_network_has_its_points_once(start) -> None:
    async with start(points_per_caller=2) as gateway:
        for peer, status in (("2001:db8::1", 200), ("2001:db8::2", 429), ("2001:db8:0:1::1", 200)):
            async with gateway.client(peer=peer) as client:
                asked = await client.post("/graphql", json={"query": "{ a: hello b: address }"})
            assert asked.status_code == status
            assert status == 429 or asked.json()["data"]["b"] == peer


@pytest.mark.anyio
async def test_a_manager_has_points_of_its_own(start) -> None:
    async with start(points_per_manager=3) as gateway:
        assert (await gateway.ask("{ a: hello b: hello c: hello }")).status_code == 200
        assert (await gateway.ask("{ hello }", authorization=f"Bearer {await gateway.token()}")).status_code == 429
        assert (await gateway.ask("{ hello }", "lares.example")).status_code == 200


@pytest.mark.anyio
async def test_what_does_not_run_costs_nothing(gateway) -> None:
    for document in ("{", "{ nobody }", "{ " + " ".join(f"a{n}: hello" for n in range(40)) + " }"):
        assert "extensions" not in (await gateway.ask(document)).json()
    assert (await gateway.ask("{ hello }")).json()["extensions"]["cost"]["remaining"] == 59_999


DEFERRED = "query Whole { hello ... @defer { who } }"
PRODUCTION = {"environment": "production", "secret": "0f3b5d7799aabbccddeeff1234567890"}


@pytest.mark.anyio
async def test_in_development_every_answer_tells_which_engine_ran_it(gateway) -> None:
    assert (await gateway.ask("{ hello }")).json()["extensions"]["engine"] == "compiled"
    assert (await gateway.ask("{ __schema { description } }")).json()["extensions"]["engine"] == "graphql-core"
    parts = await gateway.ask(DEFERRED, accept="multipart/mixed")
    assert '"engine":"graphql-core"' in parts.text


@pytest.mark.anyio
async def test_with_compiling_off_graphql_core_runs_everything(start) -> None:
    async with start(compiles=False) as gateway:
        answer = (await gateway.ask("{ hello }")).json()
    assert (answer["data"], answer["extensions"]["engine"]) == ({"hello": "Hello, you"}, "graphql-core")


@pytest.mark.anyio
async def test_in_production_no_answer_tells_which_engine_ran_it(start) -> None:
    async with start(**PRODUCTION) as gateway:
        assert (await gateway.ask("{ hello }")).json()["extensions"].keys() == {"cost"}
        assert "engine" not in (await gateway.ask(DEFERRED, accept="multipart/mixed")).text
