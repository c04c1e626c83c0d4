"""A question set becomes figures, figures become a verdict."""
