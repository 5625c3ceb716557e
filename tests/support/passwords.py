"""How tests keep passwords: the way an office does is slow on purpose, and tests make hundreds of accounts."""

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]
