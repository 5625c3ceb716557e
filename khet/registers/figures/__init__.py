"""Figures that come as figures: any measure of the catalogue × org × period × value, typed in or loaded.

Reads orgs and the catalogue. Lets an office feed an indicator before the engine that will compute it exists.
"""
