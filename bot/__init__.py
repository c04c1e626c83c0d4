"""A question becomes an answer, an answer becomes a page."""
