"""Settings for every test: property tests draw the same cases each run."""

from hypothesis import settings

settings.register_profile(
    "book", derandomize=True, deadline=None, database=None)
settings.load_profile("book")
