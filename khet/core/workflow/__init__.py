"""States and moves as data, and the one machine that walks them. Reads the catalogue; gives the next state."""
