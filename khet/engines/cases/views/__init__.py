"""The pages of cases: the inbox, one case and its steps, beginning one, reports from outside."""
