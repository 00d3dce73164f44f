"""Templates of a briefing that coaches offer to the teachers of their groups."""
