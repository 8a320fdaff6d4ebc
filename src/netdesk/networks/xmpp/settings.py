"""How an account reaches its server, and what is remembered of it from one session to the next."""

import json
from dataclasses import dataclass, field
from pathlib import Path

DIRECT, STARTTLS = "direct", "starttls"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the server is. With no host it is looked up (SRV, RFC 6120 §3.2); `tls` empty tries direct TLS, then STARTTLS."""

    host: str = ""
    port: int = 0
    tls: str = ""
    ca_file: str = ""

    @staticmethod
    def from_text(text: str) -> "Settings":
        """The reverse of `domain.places.server_place`; what is not understood is left at its default."""
        try:
            values = json.loads(text or "{}")
        except ValueError:
            values = {}
        if not isinstance(values, dict):
            values = {}
        port = values.get("port", 0)
        return Settings(
            host=str(values.get("host", "")),
            port=port if isinstance(port, int) and 0 <= port < 65_536 else 0,
            tls=values["tls"] if values.get("tls") in (DIRECT, STARTTLS) else "",
            ca_file=str(values.get("ca_file", "")),
        )

    @property
    def ca_path(self) -> Path | None:
        """The file of an organisation's own certificate authority."""
        return Path(self.ca_file) if self.ca_file else None


@dataclass(slots=True)
class Memory:
    """What a session leaves to the next: how it signed in, the server's key, and which state of others' nodes was read."""

    mechanism: str = ""
    key: str = ""
    new_key: str = ""
    seen: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """Plain JSON values."""
        return {"mechanism": self.mechanism, "key": self.key, "new_key": self.new_key, "seen": self.seen}

    @staticmethod
    def from_dict(values: object) -> "Memory":
        """The reverse of `as_dict`; what is not understood is forgotten."""
        if not isinstance(values, dict):
            return Memory()
        seen = values.get("seen")
        texts = {key: str(values.get(key, "")) for key in ("mechanism", "key", "new_key")}
        return Memory(**texts, seen={str(key): str(value) for key, value in seen.items()} if isinstance(seen, dict) else {})
