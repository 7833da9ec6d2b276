"""Commonpurse: for people who pool money, decide together and buy together."""

__version__ = "0.1.0"
