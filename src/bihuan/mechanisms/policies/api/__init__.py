"""REST: policies, profiles, and who is entitled to what."""

from ninja import Router

from . import delivery, firms, items, library

router = Router(tags=["policies"])
# Before the library, whose addresses have a part that anything fits.
router.add_router("", delivery.router)
router.add_router("", library.router)
router.add_router("", firms.router)
router.add_router("", items.router)
