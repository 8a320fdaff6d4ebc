"""Every sentence that the owner reads; plain Python, so that the command line speaks the same words."""
