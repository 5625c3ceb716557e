"""A made-up office: a world drawn by seed, written as the files a real office would have, loaded through the intake.

Nobody in it exists: names are composed, identifiers come from ranges never issued (see `names`), the area lies at sea.
"""
