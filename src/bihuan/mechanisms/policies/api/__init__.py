"""REST: policies, profiles, and who is entitled to what."""

from ninja import Router

from . import firms, library

router = Router(tags=["policies"])
router.add_router("", library.router)
router.add_router("", firms.router)
