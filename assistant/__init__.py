"""A chat assistant, French first, over international expertise missions and cooperation priorities."""

__version__ = "0.1.0"
