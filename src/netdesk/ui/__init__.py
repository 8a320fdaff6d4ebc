"""The screen: all that knows Qt."""
