"""What somebody reads whose visit to an identity provider led nowhere: what happened, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ventanilla.auth.providers.reasons import Reason

TITLE: Final[Mapping[str, str]] = {
    "en": "You are not signed in",
    "es": "No se pudo ingresar",
    "pl": "Nie udało się zalogować",
}
AGAIN: Final[Mapping[str, str]] = {
    "en": "Try again with {provider}",
    "es": "Volver a intentar con {provider}",
    "pl": "Spróbuj ponownie przez {provider}",
}
HOME: Final[Mapping[str, str]] = {
    "en": "Back to the portal",
    "es": "Volver al portal",
    "pl": "Powrót do portalu",
}
MESSAGES: Final[Mapping[Reason, Mapping[str, str]]] = {
    Reason.VISIT_OVER: {
        "en": "This sign-in took too long, was finished already, or was begun in another browser. Begin again.",
        "es": "Este ingreso tardó demasiado, ya había terminado o se inició en otro navegador. Empiece de nuevo.",
        "pl": "Logowanie trwało zbyt długo, zostało już zakończone lub rozpoczęto je w innej przeglądarce. Prosimy"
        " zacząć od nowa.",
    },
    Reason.DECLINED: {
        "en": "{provider} did not confirm who you are. Try again, or sign in another way.",
        "es": "{provider} no confirmó su identidad. Vuelva a intentarlo o ingrese de otra manera.",
        "pl": "{provider} nie potwierdza tożsamości. Prosimy spróbować ponownie lub zalogować się inaczej.",
    },
    Reason.PROVIDER_FAILED: {
        "en": "{provider} does not answer as it should at the moment. Try again in a few minutes, or sign in another"
        " way.",
        "es": "{provider} no responde como debería en este momento. Vuelva a intentarlo en unos minutos o ingrese de"
        " otra manera.",
        "pl": "{provider} nie odpowiada teraz tak, jak powinien. Prosimy spróbować za kilka minut lub zalogować się"
        " inaczej.",
    },
    Reason.NOT_KNOWN: {
        "en": "Your account at {provider} opens nothing here. Sign in another way and link it, or write to {contact}.",
        "es": "Su cuenta en {provider} no da acceso aquí. Ingrese de otra manera y vincúlela, o escriba a {contact}.",
        "pl": "Konto w {provider} nie daje tu dostępu. Prosimy zalogować się inaczej i je połączyć albo napisać na"
        " adres {contact}.",
    },
    Reason.EMAIL_NOT_VERIFIED: {
        "en": "{provider} does not vouch for your e-mail address. Verify it there, or sign in another way.",
        "es": "{provider} no garantiza su correo electrónico. Verifíquelo allí o ingrese de otra manera.",
        "pl": "{provider} nie potwierdza adresu e-mail. Prosimy potwierdzić go tam lub zalogować się inaczej.",
    },
    Reason.DOMAIN_NOT_TAKEN: {
        "en": "E-mail addresses like yours at {provider} are not taken here. Use another account, or sign in another"
        " way.",
        "es": "Aquí no se aceptan correos como el suyo en {provider}. Use otra cuenta o ingrese de otra manera.",
        "pl": "Takie adresy e-mail z {provider} nie są tu przyjmowane. Prosimy użyć innego konta lub zalogować się"
        " inaczej.",
    },
    Reason.NAME_MISSING: {
        "en": "{provider} does not tell your name. Add it there, or register here in the usual way.",
        "es": "{provider} no informa su nombre. Agréguelo allí o regístrese aquí de la manera habitual.",
        "pl": "{provider} nie podaje imienia i nazwiska. Prosimy uzupełnić je tam lub zarejestrować się tutaj jak"
        " zwykle.",
    },
    Reason.TERMS_NOT_ACCEPTED: {
        "en": "Who is new here accepts the terms of use first. Read and accept them in the portal, then begin again.",
        "es": "Quien ingresa por primera vez debe aceptar antes los términos de uso. Léalos y acéptelos en el portal y"
        " empiece de nuevo.",
        "pl": "Przed pierwszym logowaniem trzeba zaakceptować regulamin. Prosimy przeczytać i zaakceptować go w"
        " portalu, a potem zacząć od nowa.",
    },
    Reason.LINKED_TO_OTHER: {
        "en": "This account at {provider} is linked to another sign-in here. Use another account.",
        "es": "Esta cuenta en {provider} está vinculada a otro acceso. Use otra cuenta.",
        "pl": "To konto w {provider} jest połączone z innym dostępem. Prosimy użyć innego konta.",
    },
    Reason.OTHER_LINKED: {
        "en": "You have linked another account at {provider}. Unlink it first.",
        "es": "Usted ya vinculó otra cuenta en {provider}. Primero desvincúlela.",
        "pl": "Inne konto w {provider} jest już połączone. Najpierw trzeba je odłączyć.",
    },
    Reason.LINK_OVER: {
        "en": "This address is good no more, or was made for somebody else. Sign in and begin again.",
        "es": "Esta dirección ya no es válida o se generó para otra persona. Ingrese y empiece de nuevo.",
        "pl": "Ten adres stracił ważność lub powstał dla innej osoby. Prosimy zalogować się i zacząć od nowa.",
    },
    Reason.SECOND_FACTOR_DUE: {
        "en": "Show your second factor at the portal first, then open this address again.",
        "es": "Primero muestre su segundo factor en el portal y luego vuelva a abrir esta dirección.",
        "pl": "Najpierw prosimy podać w portalu drugi składnik logowania, a potem otworzyć ten adres ponownie.",
    },
    Reason.TOO_MANY_ATTEMPTS: {
        "en": "Too many tries. Wait a quarter of an hour, or sign in another way.",
        "es": "Demasiados intentos. Espere un cuarto de hora o ingrese de otra manera.",
        "pl": "Zbyt wiele prób. Prosimy odczekać kwadrans lub zalogować się inaczej.",
    },
}
"""`provider` is what people call it, `contact` the manager's e-mail."""
