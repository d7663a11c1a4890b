"""Fixtures of the crawler's tests."""

from tests.support.site import serve, site

__all__ = ["serve", "site"]
