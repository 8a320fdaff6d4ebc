"""Archives: the data that other networks hand to their members, read into the shapes of domain/archive.py. No database, no network."""
