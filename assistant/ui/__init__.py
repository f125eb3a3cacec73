"""The Gradio pages. User-facing words live in ``words.py``; HTML is made in ``render.py``, everything escaped."""
