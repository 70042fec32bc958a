"""Tables of the directory. `region` is always a GB/T 2260 code as text, tied to the regions' table by the database."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.ids import uuid7


class Level(models.TextChoices):
    """How deep a region lies."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("County or district")
    TOWN = "town", _("Town or street")


class DepartmentKind(models.TextChoices):
    """What sort of body a department is."""

    BUREAU = "bureau", _("Government bureau")
    TOWN = "town", _("Town or street office")
    CENTRE = "centre", _("Enterprise service centre")
    SUPERVISOR = "supervisor", _("Supervising body")
    UTILITY = "utility", _("Public utility")


class BoardKind(models.TextChoices):
    """What a board of the service centre is for."""

    SERVICE = "service", _("Service board")
    ZONE = "zone", _("Special zone")
    GENERAL = "general", _("General board")
    CATCH_ALL = "catch_all", _("Catch-all board")


class Size(models.TextChoices):
    """Size class of an enterprise (statistical classes of 2017)."""

    LARGE = "large", _("Large")
    MEDIUM = "medium", _("Medium")
    SMALL = "small", _("Small")
    MICRO = "micro", _("Micro")


def _valid_period() -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gt=F("valid_from")),
        name="%(app_label)s_%(class)s_period",
    )


class Region(models.Model):
    """A division of GB/T 2260: six digits down to the county, nine for a town. In force in [valid_from, valid_to).

    An empty `valid_from` means: since before anything here matters.
    """

    code = models.CharField(max_length=9, primary_key=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=8, choices=Level.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, db_column="parent_code", related_name="children"
    )
    pinyin = models.CharField(max_length=200)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^(\d{6}|\d{9})$"), name="directory_region_code"),
            models.CheckConstraint(
                condition=Q(parent=None, level=Level.PROVINCE) | Q(parent__isnull=False) & ~Q(level=Level.PROVINCE),
                name="directory_region_parent",
            ),
            _valid_period(),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def parent_code(self) -> str | None:
        """The code of the region above, or None for a province."""
        return self.parent_id


class Department(models.Model):
    """A body that handles or oversees cases. In force in [valid_from, valid_to); a merged one names its successor."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.CharField(max_length=9)
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=30)
    pinyin = models.CharField(max_length=300)
    kind = models.CharField(max_length=12, choices=DepartmentKind.choices, default=DepartmentKind.BUREAU)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="directory_department_code"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="directory_department_own_parent"),
            models.CheckConstraint(
                condition=Q(successor=None) | Q(valid_to__isnull=False) & ~Q(successor=F("id")),
                name="directory_department_successor",
            ),
            _valid_period(),
        ]

    def __str__(self) -> str:
        return self.short_name


class Board(models.Model):
    """A board (板块) of a region's service centre. Boards are data: every place has its own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.CharField(max_length=9)
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=BoardKind.choices, default=BoardKind.SERVICE)
    lead_department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="boards")
    position = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="directory_board_code"),
            _valid_period(),
        ]

    def __str__(self) -> str:
        return self.name


class Enterprise(models.Model):
    """A firm, known by its unified social credit code (GB 32100). Only what the service needs is kept.

    `source` says where the record comes from: each datum is collected once.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=120)
    pinyin = models.CharField(max_length=400)
    region = models.CharField(max_length=9)
    town = models.CharField(max_length=9, blank=True)
    address = models.CharField(max_length=200, blank=True)
    industry = models.CharField(max_length=5, blank=True)
    size = models.CharField(max_length=6, choices=Size.choices, blank=True)
    source = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(uscc__regex=r"^[0-9A-HJ-NP-RTUW-Y]{18}$"), name="directory_enterprise_uscc"
            ),
        ]
        indexes = [
            models.Index(fields=["region", "pinyin"], name="directory_enterprise_list"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="directory_enterprise_name"),
        ]

    def __str__(self) -> str:
        return self.name
