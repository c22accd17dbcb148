"""The people of the demo: who may sign in at which portal, and what each of them shows."""

from __future__ import annotations

from ventanilla.auth.actor import StaffRole
from ventanilla.backoffice_adapters.records import AccountRole, Record
from ventanilla.gateway.demo.books import aguas_roster as aguas

PASSWORD = "Ventanilla-demo-2026"  # noqa: S105  the demo's one password, printed on its start page
"""Everybody's password in the demo; no other place knows it."""


class Holding(Record):
    """An account that a person reaches: its office, its printed number, and as what."""

    office: str
    number: str
    role: AccountRole = AccountRole.HOLDER


class DemoPerson(Record):
    """Somebody who may sign in; `shows` is one line on what there is to see."""

    name: str
    email: str
    shows: str
    accounts: tuple[Holding, ...]
    staff_role: StaffRole | None = None
    acts_at: tuple[str, ...] = ()
    """The offices whose books say that they sit on boards, now or before, or are a supplier: a mandate for each."""


def _staff(name: str, email: str, role: StaffRole) -> DemoPerson:
    does = {
        StaffRole.STAFF: "works here: sees people, and why letters failed",
        StaffRole.STAFF_ADMIN: "works here and administers access: disables people, gives mandates, registers programs",
    }[role]
    return DemoPerson(name=name, email=email, shows=does, accounts=(), staff_role=role)


def _holdings(office: str, *numbers: str, role: AccountRole = AccountRole.HOLDER) -> tuple[Holding, ...]:
    return tuple(Holding(office=office, number=number, role=role) for number in numbers)


def _supplies(*numbers: str, role: AccountRole = AccountRole.HOLDER) -> tuple[Holding, ...]:
    return _holdings("comercial", *numbers, role=role)


AGUAS = (
    DemoPerson(
        name="Marta Ferreyra",
        email="marta@vecinos.example",
        shows="two supplies: an invoice overdue, one paid by instalments, a payment under way, an exchanged meter",
        accounts=_supplies("101-00123-8", "102-00088-2"),
    ),
    DemoPerson(
        name="Héctor Zapata",
        email="hector@vecinos.example",
        shows="paid in advance: a credit balance",
        accounts=_supplies("101-00207-9"),
    ),
    DemoPerson(
        name="Graciela Bertozzi",
        email="graciela@consorcios.example",
        shows="administers fourteen buildings: accounts and payment plans in every state, a notice for one of them",
        accounts=_supplies(*(supply.number for supply in aguas.BUILDINGS)),
    ),
    DemoPerson(
        name="Panificadora La Espiga S.R.L.",
        email="pagos@laespiga.example",
        shows="a company: VAT at 27 %, a debit that the bank returned, a meter that turned over",
        accounts=_supplies("101-00501-5", "104-00502-0"),
    ),
    DemoPerson(
        name="Rubén Sánchez",
        email="ruben@vecinos.example",
        shows="an owner of two flats; one invoice was cancelled and issued anew",
        accounts=_supplies("101-00311-9", "101-00312-7", role=AccountRole.OWNER),
    ),
    DemoPerson(
        name="Camila Duarte",
        email="camila@vecinos.example",
        shows="Rubén's tenant: shares one of his supplies",
        accounts=_supplies("101-00311-9", role=AccountRole.TENANT),
    ),
    DemoPerson(
        name="Lucía Albornoz",
        email="lucia@vecinos.example",
        shows="a burst pipe: one invoice five times the usual, the credit note for it, a reading to be confirmed",
        accounts=_supplies("103-00455-2"),
    ),
    DemoPerson(
        name="Norma Quiroga",
        email="norma@vecinos.example",
        shows="eight months of debt, half of it in a payment plan, late interest on the rest, service suspended",
        accounts=_supplies("101-00402-6"),
    ),
)


def _leases(*numbers: str, role: AccountRole = AccountRole.TENANT) -> tuple[Holding, ...]:
    return _holdings("arriendos", *numbers, role=role)


def _mandates(*numbers: str) -> tuple[Holding, ...]:
    return _holdings("arriendos", *numbers, role=AccountRole.OWNER)


INMOBILIARIA = (
    DemoPerson(
        name="Laura Restrepo",
        email="laura@inquilinos.example",
        shows="a tenant: last month partly paid and overdue, an older one paid by instalments, what each month costs",
        accounts=_leases("CA-0147"),
    ),
    DemoPerson(
        name="Andrés Giraldo",
        email="andres@inquilinos.example",
        shows="paid more than the rent: a credit balance; ended the direct debit",
        accounts=_leases("CA-0152"),
    ),
    DemoPerson(
        name="Beatriz Londoño",
        email="beatriz@propietarios.example",
        shows="a landlady of thirteen flats: what she is owed of each rent, less commission; notices for owners only",
        accounts=_mandates(*(f"PR-{serial:04}" for serial in range(201, 214))),
    ),
    DemoPerson(
        name="Café Tinto y Tinta S.A.S.",
        email="pagos@tintoytinta.example",
        shows="a company with a shop: VAT, tax withheld, a credit note",
        accounts=_leases("CA-0172"),
    ),
    DemoPerson(
        name="Carlos Ospina",
        email="carlos@propietarios.example",
        shows="owner of the shop and tenant of a house; a repair to pay",
        accounts=(*_leases("CA-0171"), *_mandates("PR-0172")),
    ),
    DemoPerson(
        name="Valentina Arango",
        email="valentina@inquilinos.example",
        shows="shares a flat with Santiago; one invoice was cancelled and issued anew",
        accounts=_leases("CA-0163"),
    ),
    DemoPerson(
        name="Santiago Mejía",
        email="santiago@inquilinos.example",
        shows="Valentina's flatmate: sees the same account",
        accounts=_leases("CA-0163", role=AccountRole.RESIDENT),
    ),
    DemoPerson(
        name="Jhon Jairo Múnera",
        email="jhon@inquilinos.example",
        shows="three months behind, two of them in a payment plan, late interest, costs of collection",
        accounts=_leases("CA-0158"),
    ),
)


def _rents(*numbers: str, role: AccountRole = AccountRole.TENANT) -> tuple[Holding, ...]:
    return _holdings("czynsze", *numbers, role=role)


def _premises(*numbers: str, role: AccountRole = AccountRole.OWNER) -> tuple[Holding, ...]:
    """Both accounts of each of the premises: costs of the community, and media."""
    both = (f"{number}-{kind}" for number in numbers for kind in "KM")
    return _holdings("wspolnoty", *both, role=role)


OSIEDLE = (
    DemoPerson(
        name="Katarzyna Wojciechowska",
        email="katarzyna@sasiedzi.example",
        shows="owns half of a flat and rents a garage: two offices, meters, a settlement, instalments, late interest",
        accounts=(*_premises("W1-015"), *_rents("04-017-0003")),
    ),
    DemoPerson(
        name="Stanisław Mazur",
        email="stanislaw@sasiedzi.example",
        shows="paid in advance and has a surplus of water advances: a credit balance",
        accounts=_rents("01-012-0034"),
    ),
    DemoPerson(
        name="Andrzej Kozłowski",
        email="andrzej@wlasciciele.example",
        shows="owns six flats in three communities and rents a garage: thirteen accounts; on one board",
        accounts=(
            *_premises("W1-003", "W1-004", "W1-022", "W2-011", "W2-012", "W3-006"),
            *_rents("04-018-0061"),
        ),
        acts_at=("wspolnoty",),
    ),
    DemoPerson(
        name="Apteka Pod Lwem sp. z o.o.",
        email="ksiegowosc@apteka.example",
        shows="a company with a shop: VAT at 23 %, KSeF numbers, a debit that the bank returned",
        accounts=_rents("02-001-0058"),
    ),
    DemoPerson(
        name="Ewa Lewandowska",
        email="ewa@wlasciciele.example",
        shows="an owner who paid ahead; a surplus of media, counted into a later bill; on the board until lately",
        accounts=_premises("W2-007"),
        acts_at=("wspolnoty",),
    ),
    DemoPerson(
        name="Joanna Pawlak",
        email="joanna@sasiedzi.example",
        shows="shares a flat with Tomasz; one bill was cancelled and written anew",
        accounts=_rents("03-009-0112"),
    ),
    DemoPerson(
        name="Tomasz Pawlak",
        email="tomasz@sasiedzi.example",
        shows="Joanna's husband: sees the same account",
        accounts=_rents("03-009-0112", role=AccountRole.RESIDENT),
    ),
    DemoPerson(
        name="Zenon Adamczyk",
        email="zenon@sasiedzi.example",
        shows="six months of debt, four of them in a payment plan, and a note for late interest",
        accounts=_rents("01-004-0021"),
    ),
    DemoPerson(
        name="Jan Wrona",
        email="biuro@hydraulikabrda.example",
        shows="a plumber: what he billed three communities and the manager, and where it stands",
        accounts=(),
        acts_at=("wspolnoty",),
    ),
)

AGUAS_STAFF = (
    _staff("Silvina Cabrera", "silvina@aguasdelceibo.example", StaffRole.STAFF),
    _staff("Gustavo Etcheverry", "gustavo@aguasdelceibo.example", StaffRole.STAFF_ADMIN),
)
INMOBILIARIA_STAFF = (
    _staff("Marcela Cárdenas", "marcela@guayacan.example", StaffRole.STAFF),
    _staff("Hernán Uribe", "hernan@guayacan.example", StaffRole.STAFF_ADMIN),
)
OSIEDLE_STAFF = (
    _staff("Beata Nowicka", "beata@nadbrda.example", StaffRole.STAFF),
    _staff("Łukasz Żurawski", "lukasz@nadbrda.example", StaffRole.STAFF_ADMIN),
)
