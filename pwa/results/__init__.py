"""What becomes of tips, for a coach to see: the month, progress, outcomes, alarms, and a test on the own phone."""
