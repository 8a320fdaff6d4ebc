"""Tries a package as somebody who installs it: a system that has never seen NetDesk, an ordinary user, a screen, a keyboard."""
