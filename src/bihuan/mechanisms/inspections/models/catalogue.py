"""What is published before anybody is checked: items, powers of bodies, officers with certificates, sheltered firms."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from ..rules.leniency import KINDS
from ..states import ListedState

SUBJECTS = ("statutory", "authorised", "entrusted")
"""法定, 授权, 委托: how a body comes to its power; nobody else may check (国办发〔2024〕54号)."""
_KNOWN = [state.value for state in ListedState]


class Listed(Chained):
    """Base of what is listed. department: whose it is. basis: the law or the paper it rests on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=12, default=ListedState.DRAFTED.value)
    basis = models.CharField(max_length=400)
    entered_by = models.UUIDField(null=True)
    entered_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Item(Listed):
    """检查事项. subject: what it is about, alike for alike items of several bodies. on_site: not seen on paper."""

    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    category = models.CharField(max_length=32)
    subject = models.CharField(max_length=60)
    standard = models.TextField(blank=True, default="")
    on_site = models.BooleanField(default=True)

    class Meta:
        db_table = "inspections_item"
        constraints = [
            models.CheckConstraint(name="inspection_item_state", condition=Q(state__in=_KNOWN)),
            models.UniqueConstraint(
                name="inspection_item_once", fields=["department", "code"], condition=~Q(state="withdrawn")
            ),
        ]
        indexes = [models.Index(name="inspection_item_list", fields=["region", "state", "category", "id"])]

    def __str__(self) -> str:
        return self.name


class Power(Listed):
    """检查主体资格: that a body may check at all. subject: statutory, authorised or entrusted; until: last day."""

    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=12)
    until = models.DateField(null=True)

    class Meta:
        db_table = "inspections_power"
        constraints = [
            models.CheckConstraint(name="inspection_power_state", condition=Q(state__in=_KNOWN)),
            models.CheckConstraint(name="inspection_power_subject", condition=Q(subject__in=SUBJECTS)),
            models.UniqueConstraint(
                name="inspection_power_once", fields=["department"], condition=~Q(state="withdrawn")
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Officer(Listed):
    """执法人员 with a certificate. person: the account, if there is one. recused: enterprises they may not check."""

    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    certificate = models.CharField(max_length=40)
    until = models.DateField()
    person = models.UUIDField(null=True)
    recused = ArrayField(models.UUIDField(), default=list)

    class Meta:
        db_table = "inspections_officer"
        constraints = [
            models.CheckConstraint(name="inspection_officer_state", condition=Q(state__in=_KNOWN)),
            models.UniqueConstraint(
                name="inspection_certificate_once", fields=["certificate"], condition=~Q(state="withdrawn")
            ),
        ]
        indexes = [models.Index(name="inspection_officer_list", fields=["region", "department", "id"])]

    def __str__(self) -> str:
        return self.name


class Leniency(Listed):
    """An entry of a lenient list (卫东 four lists, 首违免罚). violation: what was done; text: the conditions in words.

    kind  `exempt` 不予处罚, `first` 首违可以不罚, `mitigated` 减轻, `lighter` 从轻, `no_coercion` 免予强制
    first, minor, corrected: it needs a first violation, little harm, correction in time
    """

    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    violation = models.CharField(max_length=120)
    category = models.CharField(max_length=32)
    first = models.BooleanField(default=False)
    minor = models.BooleanField(default=True)
    corrected = models.BooleanField(default=True)
    text = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        db_table = "inspections_leniency"
        constraints = [
            models.CheckConstraint(name="inspection_leniency_state", condition=Q(state__in=_KNOWN)),
            models.CheckConstraint(name="inspection_leniency_kind", condition=Q(kind__in=KINDS)),
            models.UniqueConstraint(
                name="inspection_leniency_once",
                fields=["department", "kind", "violation"],
                condition=~Q(state="withdrawn"),
            ),
        ]
        indexes = [
            GinIndex(name="inspection_leniency_words", fields=["violation"], opclasses=["gin_trgm_ops"]),
            models.Index(name="inspection_leniency_list", fields=["region", "state", "id"]),
        ]

    def __str__(self) -> str:
        return self.violation


class Sheltered(Listed):
    """企业白名单 (卫东): planned checks of this enterprise need the leader in charge, not only the body's head."""

    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "inspections_sheltered"
        constraints = [
            models.CheckConstraint(name="inspection_sheltered_state", condition=Q(state__in=_KNOWN)),
            models.UniqueConstraint(
                name="inspection_sheltered_once", fields=["region", "enterprise"], condition=~Q(state="withdrawn")
            ),
        ]
