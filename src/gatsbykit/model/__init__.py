"""The dictionary of the field: a frozen value for every noun, in which ``None`` is *unknown*."""
