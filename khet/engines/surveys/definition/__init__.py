"""A survey's form: read from XLSForm or SurveyJS JSON, checked on the server, shown by SurveyJS or as plain pages.

Knows no database.
"""
