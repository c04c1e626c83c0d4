"""A file becomes clauses, clauses become an index."""
