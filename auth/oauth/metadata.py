"""What the authorization server of a manager says of itself (RFC 8414, RFC 9207)."""

from __future__ import annotations

from typing import Any, Final

from ventanilla.auth.oauth.grants import METHOD
from ventanilla.auth.oauth.rows import FOR_PEOPLE, METHODS, NONE, OF_ITS_OWN
from ventanilla.auth.scopes import SCOPES

AUTHORIZE: Final = "/oauth/authorize"
TOKEN: Final = "/oauth/token"  # noqa: S105  an address
REVOKE: Final = "/oauth/revoke"
INTROSPECT: Final = "/oauth/introspect"
METADATA: Final = "/.well-known/oauth-authorization-server"


def metadata(issuer: str) -> dict[str, Any]:
    """The document that programs configure themselves with."""
    return {
        "issuer": issuer,
        "authorization_endpoint": issuer + AUTHORIZE,
        "token_endpoint": issuer + TOKEN,
        "revocation_endpoint": issuer + REVOKE,
        "introspection_endpoint": issuer + INTROSPECT,
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [*FOR_PEOPLE, *OF_ITS_OWN],
        "token_endpoint_auth_methods_supported": [*METHODS, NONE],
        "revocation_endpoint_auth_methods_supported": [*METHODS, NONE],
        "introspection_endpoint_auth_methods_supported": list(METHODS),
        "code_challenge_methods_supported": [METHOD],
        "authorization_response_iss_parameter_supported": True,
    }
