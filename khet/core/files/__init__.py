"""Attachments: what people upload beside a record, typed by content, without the place of photos, encrypted at rest.

Reads nothing but the upload; gives `StoredFile`. A file has no page of its own: the record that holds it
decides who opens it.
"""
