"""Tips: what a coach sends, in the languages of a group."""
