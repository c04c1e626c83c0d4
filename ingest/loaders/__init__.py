"""Files of every format become text: one module a format, `formats` the table of them, `worker` where they run."""
