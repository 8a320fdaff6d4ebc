"""Plain values and rules; standard library and small pure text libraries only."""
