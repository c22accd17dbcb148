"""What the pages of ``/oauth/authorize`` say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "title": {
        "en": "A program asks for access",
        "es": "Un programa pide acceso",
        "pl": "Program prosi o dostęp",
    },
    "question": {
        "en": "“$client” asks to do this for you at $manager:",
        "es": "«$client» pide hacer lo siguiente por usted en $manager:",
        "pl": "„$client” prosi o zgodę na to w Twoim imieniu w $manager:",
    },
    "who": {
        "en": "You are signed in as $name, $email. It sees no more than you do, and changes nothing.",
        "es": "Usted ingresó como $name, $email. No verá más que usted y no cambiará nada.",
        "pl": "Zalogowano jako $name, $email. Program nie zobaczy więcej niż Ty i niczego nie zmieni.",
    },
    "where": {
        "en": "Whatever you decide, you go on to $host.",
        "es": "Decida lo que decida, seguirá en $host.",
        "pl": "Niezależnie od decyzji nastąpi przejście do $host.",
    },
    "allow": {"en": "Allow", "es": "Permitir", "pl": "Zezwól"},
    "deny": {"en": "Refuse", "es": "Rechazar", "pl": "Odmów"},
    "sign_in": {
        "en": "A program asks for access to your data. Sign in at the portal first, then come back to this page.",
        "es": "Un programa pide acceso a sus datos. Primero ingrese en el portal y luego vuelva a esta página.",
        "pl": "Program prosi o dostęp do Twoich danych. Najpierw zaloguj się w portalu, potem wróć na tę stronę.",
    },
    "portal": {"en": "Open the portal", "es": "Abrir el portal", "pl": "Otwórz portal"},
    "again": {
        "en": "I am signed in: go on",
        "es": "Ya ingresé: continuar",
        "pl": "Mam to za sobą: dalej",
    },
    "show_first": {
        "en": "Show your second factor at the portal first, then open this page again.",
        "es": "Primero muestre su segundo factor en el portal y luego vuelva a abrir esta página.",
        "pl": "Najpierw podaj w portalu drugi składnik logowania, potem otwórz tę stronę ponownie.",
    },
    "change_first": {
        "en": "Change your password at the portal first, then open this page again.",
        "es": "Primero cambie su contraseña en el portal y luego vuelva a abrir esta página.",
        "pl": "Najpierw zmień hasło w portalu, potem otwórz tę stronę ponownie.",
    },
    "misled": {
        "en": "This request cannot be gone on with: what led here is incomplete, out of date, or not known to this "
        "portal. Go back to the program and begin again there.",
        "es": "No se puede continuar con este pedido: lo que trajo hasta aquí está incompleto, venció o no es conocido "
        "en este portal. Vuelva al programa y empiece de nuevo.",
        "pl": "Nie można kontynuować: adres, który tu prowadził, jest niepełny, nieaktualny lub nieznany w tym "
        "portalu. Wróć do programu i zacznij od nowa.",
    },
}
"""Each text in the languages of portals; ``$name`` is filled in."""
