"""A reader's push subscription and choices."""
