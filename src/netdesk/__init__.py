"""NetDesk: a desk for connection requests."""

__version__ = "0.1.0"
