"""All that knows Qt: the window, its pages and what they are made of."""
