"""Makes the packages: freezes the program, lays it out for a system, packs it, and says what is in it."""
