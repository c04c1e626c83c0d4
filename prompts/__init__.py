"""What the language model is told and what people are told: text as data."""
