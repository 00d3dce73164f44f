"""How a tip reaches everybody, once: planning, sending, recording."""
