"""Other people are here: the port and what implements it."""
