"""Promises about what a platform says of itself, and what it keeps to itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from ventanilla.backoffice_adapters.conformance.promises import expect
from ventanilla.backoffice_adapters.money import minor_digits
from ventanilla.payments.conformance.harness import NOW, Bench
from ventanilla.payments.conformance.promises import promise
from ventanilla.payments.contract import (
    Ask,
    Capability,
    PlatformError,
    PlatformFault,
    RefundOrder,
)


@promise()
def the_manifest_is_honest(bench: Bench) -> None:
    """The manifest names limits that orders can meet, and no capability that leans on one which it does not name."""
    manifest = bench.manifest
    expect(manifest.limits, "no currency has limits, so nothing is taken")
    for currency, limits in manifest.limits.items():
        minor_digits(currency)
        expect(limits.least >= 1, f"{currency}: the least is {limits.least} minor units")
        expect(limits.most is None or limits.most >= limits.least, f"{currency}: the most is below the least")
    for part in (Capability.PARTIAL_REFUND, Capability.REFUND_STATUS):
        expect(bench.has(Capability.REFUND) or not bench.has(part), f"{part} without REFUND")


@promise()
def what_is_named_is_there_and_nothing_else(bench: Bench) -> None:
    """A capability that the manifest names gives an `Ask`; one that it does not name raises REFUSED when called."""
    for capability, call in _calls(bench).items():
        try:
            found = call()
        except PlatformError as error:
            expect(not bench.has(capability), f"{capability} is named, and raised {error}")
            expect(error.fault is PlatformFault.REFUSED, f"{capability} raised {error}, expected REFUSED")
            continue
        expect(bench.has(capability), f"{capability} is not named, and gave {found!r}")
        expect(isinstance(found, Ask), f"{capability} gave {found!r}, expected an Ask")


@promise()
def whether_forms_are_posted_is_told(bench: Bench) -> None:
    """`form_hosts` says whether people are sent there by a form: a portal's rules for its pages depend on it."""
    posts = bench.start(bench.order()).fields is not None
    expect(posts == bench.manifest.form_hosts, f"form_hosts is {bench.manifest.form_hosts}, and a form is {posts}")


@promise()
def secrets_stay_inside(bench: Bench) -> None:
    """No secret shows in the `repr` of anything that is handed out, nor in what a browser is given."""
    order = bench.order()
    redirect = bench.start(order)
    shown = [repr(each) for each in (bench.platform, bench.configuration, bench.setting, bench.plugin)]
    shown += [repr(bench.platform.start(order)), redirect.url, repr(redirect.fields)]
    for secret in bench.secrets().values():
        expect(all(secret not in text for text in shown), "a secret shows")


def _calls(bench: Bench) -> dict[Capability, Callable[[], object]]:
    """What each capability is called by."""
    order = bench.order()
    refund = RefundOrder(
        key="a1" * 16, reference=order.reference, payment_id="123456", paid=order.amount, amount=order.amount
    )
    platform = bench.platform
    return {
        Capability.STATUS: lambda: platform.status(order.reference, None),
        Capability.REFUND: lambda: platform.refund(refund),
        Capability.REFUND_STATUS: lambda: platform.refund_status(refund),
        Capability.CANCEL: lambda: platform.cancel(order.reference, None),
        Capability.LISTING: lambda: platform.listing(NOW - timedelta(days=1), NOW, None),
    }
