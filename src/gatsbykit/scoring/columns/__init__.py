"""The columns lane: many institutions at once, in data frames."""
