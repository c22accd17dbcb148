"""``ventanilla-portal``: serve the portal in front of a gateway elsewhere."""

from __future__ import annotations

import argparse

import uvicorn

from ventanilla_portal.app import create_app


def main() -> None:
    """Read the command line and serve until told to stop."""
    parser = argparse.ArgumentParser(prog="ventanilla-portal", description=main.__doc__)
    parser.add_argument("graphql_url", help="the gateway, such as http://127.0.0.1:8000/graphql")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    asked = parser.parse_args()
    uvicorn.run(create_app(asked.graphql_url), host=asked.host, port=asked.port, server_header=False)


if __name__ == "__main__":
    main()
