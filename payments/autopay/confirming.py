"""What a notification of Autopay's is answered in the same breath: CONFIRMED or NOTCONFIRMED, signed."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

from ventanilla.payments.autopay.hashing import Hashing
from ventanilla.payments.contract import Reply

CONFIRMED: Final = "CONFIRMED"
NOT_CONFIRMED: Final = "NOTCONFIRMED"


def confirmation(service_id: str, order_id: str, word: str, hashing: Hashing) -> Reply:
    """The answer `word` about one order, which is a name without a separator in it."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<confirmationList>"
        f"<serviceID>{escape(service_id)}</serviceID>"
        "<transactionsConfirmations><transactionConfirmed>"
        f"<orderID>{escape(order_id)}</orderID><confirmation>{word}</confirmation>"
        "</transactionConfirmed></transactionsConfirmations>"
        f"<hash>{hashing.of((service_id, order_id, word))}</hash>"
        "</confirmationList>\n"
    )
    return Reply(media_type="application/xml; charset=utf-8", body=text.encode())
