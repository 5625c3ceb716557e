"""The pages: schools and pupils of the list, how good it is, one pupil with what was done."""
