"""Tests that look at the whole product rather than at one context."""
