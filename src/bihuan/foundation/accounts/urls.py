"""Pages of logging in."""

urlpatterns: list = []
