"""Marchamo for people: pages over the engine's use cases."""

from web.app import create_app

__all__ = ["create_app"]
