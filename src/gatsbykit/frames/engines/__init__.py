"""How each engine of data frames does what the lane asks of it."""
