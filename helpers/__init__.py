"""The code that the notebooks share: data → training → plots, and nothing happens at import."""
