"""The callers and the district of the API's tests."""

from bihuan.delivery.rest.tests.conftest import api, at_work, district, tokens

__all__ = ["api", "at_work", "district", "tokens"]
