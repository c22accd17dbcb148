"""Signing in at an identity provider of the manager's choice, by OpenID Connect's code flow.

Authlib's, because it is pure or asynchronous and knows the protocol: the address to send a browser to and PKCE
(``rfc6749``, ``rfc7636``), the client that trades a code for tokens (``httpx_client``), and the rules of an id token's
claims (``oidc.core``); joserfc, which it stands on, checks the signature.

Ours: what remembers a visit, because Authlib's would keep it in a session cookie that grows with each sign-in begun,
and could not tell a second use; the fetching of documents and keys, because Authlib's has no bounds and follows any
address; which key may verify what, because Authlib takes any algorithm that the provider's own document names; and whom
it lets in.
"""
