"""The embedded community: a small server in one SQLite file, its residents, its sample."""
