"""What `inmobiliaria` tells tenants, landlords, or both."""

from __future__ import annotations

from ventanilla.gateway.demo.books.notices import OWNERS, TENANTS, Words

TO_ALL = (
    Words(
        "Horario de atención de fin de año",
        "El 24 y el 31 de diciembre atendemos hasta las 12 m. La línea de daños urgentes no cierra.",
        ago=5,
        ahead=40,
    ),
    Words(
        "Reajuste anual del canon",
        "Al cumplirse cada año de contrato el canon sube a lo sumo lo que subió el índice de precios del año anterior."
        "\n\nLa carta con el nuevo valor llega con un mes de anticipación.",
        ago=26,
        roles=TENANTS,
    ),
    Words(
        "Certificados de retención para la declaración de renta",
        "Los certificados de ingresos y retenciones de sus inmuebles ya están listos. Pídalos en esta zona.",
        ago=11,
        ahead=60,
        roles=OWNERS,
    ),
    Words(
        "Jornada de actualización de datos",
        "Gracias a quienes pasaron por la oficina. La jornada terminó.",
        ago=75,
        ahead=-45,
    ),
)
"""The first to everybody; the last one is over."""

LIFT = Words(
    "Mantenimiento del ascensor",
    "El ascensor de la torre norte estará fuera de servicio el sábado de 8:00 a. m. a 1:00 p. m.",
    ago=2,
    ahead=6,
)
"""To one building only."""
