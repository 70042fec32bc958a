"""What stands on the pages of the scoreboard: the contexts of their templates."""

from .boards import Chosen, chosen, held, page
from .editions import edition, public
from .lists import behind, counted, exclusions, of_mark

__all__ = ["Chosen", "behind", "chosen", "counted", "edition", "exclusions", "held", "of_mark", "page", "public"]
