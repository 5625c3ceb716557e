"""Pages of the intake. (Written by its own builder since 04:47; the engine beside it is not touched from here.)"""
