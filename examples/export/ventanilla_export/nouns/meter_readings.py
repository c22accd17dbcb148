"""Readings of meters, and what each register showed."""

from ventanilla_export.nouns.noun import Column, Kind, Node, Noun, Table

_SELECTION = """
id source { name } readOn quality status
meter { id number medium registers { key label unit } account { id number } }
"""


def _unit(node: Node, item: Node) -> str | None:
    """What the register of a value counts: the meter tells."""
    meter = node["meter"]
    registers: list[Node] = meter["registers"] if meter else []
    return next((one["unit"] for one in registers if one["key"] == item["register"]), None)


METER_READINGS = Noun(
    field="meterReadings",
    scope="readings:export",
    filter_type="MeterReadingFilter",
    nodes=Table(
        "meter_readings",
        (
            Column("id", Kind.TEXT, "id"),
            Column("account_id", Kind.TEXT, "meter.account.id"),
            Column("account_number", Kind.TEXT, "meter.account.number"),
            Column("meter_id", Kind.TEXT, "meter.id"),
            Column("meter_number", Kind.TEXT, "meter.number"),
            Column("medium", Kind.TEXT, "meter.medium"),
            Column("read_on", Kind.DATE, "readOn"),
            Column("quality", Kind.TEXT, "quality"),
            Column("status", Kind.TEXT, "status"),
            Column("source", Kind.TEXT, "source.name"),
        ),
        asks=_SELECTION,
    ),
    order=("read_on", "meter_number"),
    parts=(
        Table(
            "meter_reading_values",
            (
                Column("reading_id", Kind.TEXT, "id", of_node=True),
                Column("register", Kind.TEXT, "register"),
                Column("value", Kind.DECIMAL, "value"),
                Column("consumption", Kind.DECIMAL, "consumption"),
                Column("unit", Kind.TEXT, _unit),
            ),
            each="values",
            asks="values { register value consumption }",
        ),
    ),
    filters={"status": True, "readFrom": False, "readTo": False},
)
