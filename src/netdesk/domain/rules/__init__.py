"""The rules of the desk: pure functions, every rule once, time always an argument."""
