"""The figures of Houvast, as measured here and now: `python -m bench`, or some parts: `python -m bench sizes serving`.

Medians, side by side with what they must be. Nothing here is a test: a slow machine is no failure."""
