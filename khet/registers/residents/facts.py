"""Outlet."""

FEEDS = []
