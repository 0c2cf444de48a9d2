"""Marchamo for people."""
