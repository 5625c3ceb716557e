"""Pupils who fell behind in learning: why, in which group they are helped, and what their results say since.

Reads the registers and the programmes; puts pupils into groups through the service of the programmes.
"""
