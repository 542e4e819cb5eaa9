"""Variables: how the requests of each section become the variables of their operations."""
