"""Places: where an account's server is, as text for the store."""

import json


def server_place(host: str, port: int, tls: str, ca_file: str) -> str:
    """The place of an account on a server: with no host it is looked up; `tls` is direct, starttls, or empty for either."""
    return json.dumps({"host": host, "port": port, "tls": tls, "ca_file": ca_file})
