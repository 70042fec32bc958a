"""What stands on the pages of the scoreboard: the contexts of their templates."""

from .boards import Chosen, chosen, held, page
from .editions import edition, public
from .lists import behind, exclusions, of_mark

__all__ = ["Chosen", "behind", "chosen", "edition", "exclusions", "held", "of_mark", "page", "public"]
