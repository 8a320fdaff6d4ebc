"""Servers for tests: real ones from Debian, thrown away after use, and a scripted one that means harm."""
