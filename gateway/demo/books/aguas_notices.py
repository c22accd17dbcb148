"""What `aguas` tells its customers."""

from __future__ import annotations

from ventanilla.gateway.demo.books.notices import Words

TO_ALL = (
    Words(
        "Corte programado por obras en la red",
        "Renovamos el acueducto troncal de la zona centro de Paraná. Pasado mañana, de 9 a 17, puede faltar agua o "
        "salir con poca presión.\n\nTe pedimos que reserves agua para lo indispensable. Los camiones cisterna "
        "atienden a hospitales y escuelas.",
        ago=1,
        ahead=3,
    ),
    Words(
        "Informá la lectura de tu medidor",
        "Si el tomaestado no pudo entrar, mandanos vos la lectura en estos días: evita que facturemos por estimación.",
        ago=4,
        ahead=7,
    ),
    Words(
        "Cuadro tarifario vigente",
        "El ente regulador publicó el cuadro tarifario del año. Lo encontrás en nuestra página y en las sucursales.",
        ago=120,
    ),
    Words(
        "Sucursal Diamante cerrada por refacción",
        "Atendemos en la Municipalidad, Echagüe y San Martín, hasta que termine la obra.",
        ago=90,
        ahead=-30,
    ),
)
"""To everybody; the last one is over."""

TANK = Words(
    "Medición de presión en el tanque del edificio",
    "Una cuadrilla tomará la presión de entrada en la azotea el próximo martes por la mañana. Hace falta que alguien "
    "del consorcio abra.",
    ago=3,
    ahead=10,
)
"""To one building only."""
