"""XMPP: people on any server, behind the same port as the embedded community."""
