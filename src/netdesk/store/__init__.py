"""The database of one desk: all that knows peewee; hands out domain values, never rows."""
