"""Pupils and staff: one internal key a person, identifiers with history, enrolments, guardians, addresses, posts.

Reads orgs and schools. Gives persons to the engines and counts to the facts; sensitive fields lie encrypted.
"""
