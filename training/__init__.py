"""How the shipped embedding model is made and measured. Not part of the installed package."""
