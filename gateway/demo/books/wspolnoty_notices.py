"""What the administrator of `osiedle` tells everybody, and what communities tell their owners."""

from __future__ import annotations

from ventanilla.gateway.demo.books.notices import OWNERS, Words

TO_ALL = (
    Words(
        "Biuro nieczynne w piątek",
        "W najbliższy piątek biuro jest nieczynne z powodu szkolenia.\n\nAwarie przyjmuje pogotowie techniczne, całą "
        "dobę.",
        ago=2,
        ahead=6,
    ),
    Words(
        "Nowe stawki opłat od stycznia",
        "Zawiadomienia z nowymi stawkami wyślemy z miesięcznym wyprzedzeniem, zgodnie z regulaminem.",
        ago=14,
        ahead=60,
    ),
    Words("Przegląd gazowy", "Przegląd się zakończył. Dziękujemy za udostępnienie lokali.", ago=100, ahead=-70),
)
"""To tenants and owners alike; the last one is over."""

OF_COMMUNITIES = {
    1: (
        Words(
            "Odbiór wyremontowanych balkonów",
            "Odbiór z udziałem zarządu wspólnoty odbędzie się w przyszłym tygodniu. Prosimy o udostępnienie balkonów.",
            ago=3,
            ahead=12,
        ),
        Words(
            "Sprawozdanie zarządu wspólnoty",
            "Sprawozdanie finansowe i rozliczenie funduszu remontowego są do wglądu w biurze.",
            ago=31,
            roles=OWNERS,
        ),
    ),
    2: (
        Words(
            "Mycie garażu podziemnego",
            "Prosimy o wyprowadzenie samochodów w sobotę od 8 do 14.",
            ago=4,
            ahead=4,
        ),
    ),
    3: (
        Words(
            "Odczyt wodomierzy",
            "Prosimy podać stan wodomierzy do końca miesiąca. Kto nie poda, zostanie rozliczony według średniej.",
            ago=6,
            ahead=15,
        ),
    ),
}
"""Serial of a community → what it tells its owners."""
