"""What is kept about whom, why, how long, and who sees it: one source for the page of a Houvast and for PRIVACY.md."""
