"""Enums of what the staff sees and looks after."""

from __future__ import annotations

from ventanilla.auth.actor import StaffRole
from ventanilla.auth.mandates import MandateRole
from ventanilla.auth.roster import PersonOrder
from ventanilla.resolvers.clients import CreateClientReason, RevokeClientReason, RotateClientReason
from ventanilla.resolvers.mandates import MandateReason
from ventanilla.resolvers.password_policy import UpdatePasswordPolicyReason
from ventanilla.resolvers.person_changes import PersonReason
from ventanilla.resolvers.theme import UpdatePortalThemeReason
from ventanilla.schema.enums.described import Described

_NO_CLIENT = "This manager has no program of that id."
_ENDED = "It was ended, which is for good."

ENUMS = (
    Described(
        StaffRole,
        "As what somebody works for a manager.",
        STAFF="Looks after the manager's people.",
        STAFF_ADMIN="That, and decides who gets access, and what programs may.",
    ),
    Described(
        MandateRole,
        "As what somebody acts for a while.",
        BOARD_MEMBER="For the owners of one community.",
        SUPPLIER="For a party that supplies the manager.",
    ),
    Described(
        PersonOrder,
        "How people are sorted.",
        NAME_ASC="By family name, then by given name.",
        EMAIL_ASC="By e-mail address.",
        CREATED_AT_DESC="Who was added last comes first.",
    ),
    Described(
        PersonReason,
        "Why nothing was changed of a person.",
        NOT_FOUND="The manager has nobody of that id.",
        ONESELF="It is who asks: nobody changes their own access.",
    ),
    Described(
        MandateReason,
        "Why no mandate was given or ended.",
        PERSON_NOT_FOUND="The manager has nobody of that id.",
        OFFICE_UNKNOWN="The manager has no office of that name: `source.name` of its accounts tells it.",
        SUBJECT_NOT_FOUND="The office knows no community, or party, of that key.",
        NAME_REQUIRED="The office cannot tell what it is called, and no name of one line and at most 120 characters was"
        " given.",
        ENDS_BEFORE_START="The last day is before the first.",
        NOT_FOUND="The manager has no mandate of that id.",
    ),
    Described(
        UpdatePasswordPolicyReason,
        "Why a password policy stays as it is; `path` names the field.",
        FIELD_REQUIRED="It is null and cannot be: what is left out stays as it is.",
        FIELD_INVALID="It is out of range: the params `min` and `max` say what it may be.",
    ),
    Described(
        UpdatePortalThemeReason,
        "Why a theme stays as it is; `path` names the field.",
        FIELD_REQUIRED="It is null and cannot be: what is left out stays as it is.",
        COLOUR_MALFORMED="It is not `#` and six hexadecimal digits.",
        LOGO_URL_NOT_ALLOWED="It is neither an https address nor a path of the portal, or longer than 2000 characters.",
        CONTRAST_TOO_LOW="Somebody could not read it: the params `scheme`, `pair`, `ratio` and `needed` say what, and"
        " `suggestion` which colour in place of that of `path` would do.",
    ),
    Described(
        CreateClientReason,
        "Why no program was registered.",
        NAME_INVALID="The name is empty, longer than 120 characters, or not one line.",
        SCOPE_UNKNOWN="There is no such scope: `params` tell which; the message names one that may be meant.",
        SCOPE_REQUIRED="No scope was given.",
        SCOPE_NOT_FOR_PEOPLE="It acts for people, who export nothing: `params` tell which scope it is.",
        REDIRECT_URI_INVALID="People cannot be sent there: `params` tell which.",
        REDIRECT_URI_REQUIRED="A public program acts for people, who have to be sent back somewhere.",
        TOO_MANY_REDIRECT_URIS="There are more than 20.",
    ),
    Described(
        RotateClientReason,
        "Why a program keeps its secret.",
        NOT_FOUND=_NO_CLIENT,
        REVOKED=_ENDED,
        PUBLIC="It keeps no secret.",
    ),
    Described(RevokeClientReason, "Why no program was ended.", NOT_FOUND=_NO_CLIENT, REVOKED=_ENDED),
)
