"""What the owner can do, and what may reach them; no Qt."""
