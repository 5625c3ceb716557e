"""Forms as data: what is asked at a step, a visit or a report.

Reads the catalogue; gives Django forms and readable answers.
"""
