"""Units, people, dated postings and roles: who belongs where, since when, and what they may do there."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from treebeard.mp_tree import MP_Node, MP_NodeManager


class OrgUnit(MP_Node):
    """A node of the unit tree: 区 → 单位 → 科室, and 区 → 镇街 → 村(社区) (domain guide §1)."""

    class Kind(models.TextChoices):
        DISTRICT = "district", "区"
        OFFICE = "office", "单位"
        SECTION = "section", "科室"
        TOWNSHIP = "township", "镇街"
        VILLAGE = "village", "村(社区)"

    name = models.CharField("名称", max_length=100)
    kind = models.CharField("类型", max_length=10, choices=Kind.choices)

    objects = MP_NodeManager()
    node_order_by = ()

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        ordering = ["path"]

    def __str__(self):
        return self.name

    @classmethod
    def paths_down_to(cls, path: str) -> list[str]:
        """Tree paths from the top down to `path` itself."""
        return [path[:end] for end in range(cls.steplen, len(path) + 1, cls.steplen)]


class User(AbstractUser):
    """One account per person. Phone and identity numbers are kept as cipher text and keyed hash only."""

    class TextSize(models.TextChoices):
        STANDARD = "", "标准"
        LARGE = "large", "大"
        XLARGE = "xlarge", "特大"

    first_name = None
    last_name = None
    name = models.CharField("姓名", max_length=60)
    # For searching by 拼音首字母; written together with the name by the actions.
    initials = models.CharField("拼音首字母", max_length=60, blank=True, editable=False, db_index=True)
    staff_number = models.CharField("工号", max_length=30, unique=True, null=True, blank=True)
    phone_cipher = models.BinaryField(null=True, blank=True, editable=False)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    identity_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    identity_masked = models.CharField("身份证号", max_length=18, blank=True, editable=False)
    birth_month = models.CharField("出生年月", max_length=7, blank=True, help_text="YYYY-MM")
    must_change_password = models.BooleanField("须修改密码", default=False)
    # When the person chose the password in use; None for a one-time password and accounts that never had one.
    password_set_at = models.DateTimeField("密码设置时间", null=True, editable=False)
    is_demo = models.BooleanField("演示账号", default=False, editable=False)
    text_size = models.CharField("字号", max_length=6, choices=TextSize.choices, blank=True, default="")
    high_contrast = models.BooleanField("高对比", default=False)

    objects = UserManager()
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        ordering = ["id"]

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @cached_property
    def current_posting(self):
        """The open main posting with its unit, None for people without one. One query per user object."""
        return self.postings.filter(main=True, ends_on=None).select_related("unit").first()


class PastPassword(models.Model):
    """The hash of a password the person chose; the last few may not be chosen again (compliance A2)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="past_passwords")
    hashed = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = "用过的密码"
        verbose_name_plural = "用过的密码"
        ordering = ["-set_at", "-id"]

    def __str__(self):
        return f"用过的密码 {self.pk}"


class Session(AbstractBaseSession):
    """One sign-in. It knows its person, so that a page reads both with one statement (mingfa.people.sessions)."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", verbose_name="人员")

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "登录"
        verbose_name_plural = "登录"

    def __str__(self):
        return "登录"  # the key opens the account: it never goes into a log

    @classmethod
    def get_session_store_class(cls):
        from mingfa.people.sessions import SessionStore  # it needs the apps to be loaded

        return SessionStore


class Category(models.TextChoices):
    """人员类别 (domain guide §1): who must study and sit exams."""

    CIVIL_SERVANT = "civil", "公务员"
    CIVIL_LIKE = "civil_like", "参公人员"
    INSTITUTION = "institution", "事业编制"
    CONTRACT = "contract", "编外聘用"
    VILLAGE = "village", "村(社区)干部"
    STATE_FIRM = "firm", "国企人员"


class DutyStatus(models.TextChoices):
    """在岗状态 (domain guide §1)."""

    ON_DUTY = "on_duty", "在岗"
    SECONDED = "seconded", "借调"
    ATTACHED = "attached", "挂职"
    AID = "aid", "援派"
    VILLAGE_POST = "village_post", "驻村"
    STUDY_LEAVE = "study_leave", "脱产学习"
    LONG_SICK = "long_sick", "长期病假"
    MATERNITY = "maternity", "产假"
    SUSPENDED = "suspended", "停职"
    RETIRED = "retired", "退休"
    RESIGNED = "resigned", "离职"
    MOVED_OUT = "moved_out", "调出"
    DECEASED = "deceased", "去世"


# Statuses that end somebody's duty to study and sit (they left the roster).
GONE = frozenset({DutyStatus.RETIRED, DutyStatus.RESIGNED, DutyStatus.MOVED_OUT, DutyStatus.DECEASED})


class Posting(models.Model):
    """Where a person belongs from a date on. The `main` one is the 编制/人事关系 that counts in figures."""

    user = models.ForeignKey(User, models.PROTECT, related_name="postings", verbose_name="人员")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="postings", verbose_name="单位")
    main = models.BooleanField("人事关系所在", default=True)
    post = models.CharField("职务", max_length=60, blank=True)
    grade = models.CharField("职级", max_length=30, blank=True)
    category = models.CharField("人员类别", max_length=12, choices=Category.choices, blank=True)
    duty_status = models.CharField(
        "在岗状态", max_length=12, choices=DutyStatus.choices, default=DutyStatus.ON_DUTY
    )
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True, help_text="最后一天；空着表示至今")

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        ordering = ["user_id", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(main=True, ends_on=None), name="one_open_main_posting"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="posting_ends_after_start",
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.unit} {self.post}".strip()


class RosterEdition(models.Model):
    """One row, from the first posting on: counts up with every change of one, so that what was counted is counted anew."""

    number = models.PositiveBigIntegerField("版次", default=0)

    class Meta:
        verbose_name = "名册版次"
        verbose_name_plural = "名册版次"
        ordering = ("pk",)

    def __str__(self):
        return str(self.number)


class Role(models.TextChoices):
    """Product roles held for a unit and all below it (domain guide §1). Everybody is a 学员."""

    TRAINER = "trainer", "培训师"
    SETTER = "setter", "出题人"
    MARKER = "marker", "阅卷人"
    REVIEWER_1 = "review1", "一审人"
    REVIEWER_2 = "review2", "二审人"
    REVIEWER_3 = "review3", "三审人"
    OUTREACH = "outreach", "宣传员"
    LIAISON = "liaison", "单位联络员"
    LEADER = "leader", "领导"
    SYSTEM_ADMIN = "sysadmin", "系统管理员"
    SECURITY_ADMIN = "secadmin", "安全管理员"
    AUDIT_ADMIN = "auditor", "审计管理员"


# 三员: nobody holds two of these (compliance A7).
THREE_ADMINS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


class RoleGrant(models.Model):
    """A role for a unit and everything below it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants", verbose_name="人员")
    role = models.CharField("角色", max_length=10, choices=Role.choices)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="role_grants", verbose_name="单位")

    class Meta:
        verbose_name = "角色"
        verbose_name_plural = "角色"
        ordering = ["user_id", "role"]
        constraints = [models.UniqueConstraint(fields=["user", "role", "unit"], name="role_once_per_unit")]

    def __str__(self):
        return f"{self.user} {self.get_role_display()} {self.unit}"


class ActivationCode(models.Model):
    """A one-time code with which a person sets a first or a new password. Only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="activation_codes", verbose_name="人员")
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    issued_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="发放人")
    issued_at = models.DateTimeField("发放时间")
    expires_at = models.DateTimeField("有效期至")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = "激活码"
        verbose_name_plural = "激活码"
        ordering = ["-issued_at"]

    def __str__(self):
        return f"{self.user} {self.issued_at:%Y-%m-%d}"


class RosterImport(models.Model):
    """One uploaded 花名册 from reading to applying. Its rows are staged in short transactions."""

    class State(models.TextChoices):
        STAGED = "staged", "待确认"
        APPLYING = "applying", "正在写入"
        APPLIED = "applied", "已生效"
        DISCARDED = "discarded", "已放弃"

    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="导入人")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+", verbose_name="导入到")
    file_name = models.CharField("文件", max_length=120)
    created_at = models.DateTimeField("上传时间")
    applied_at = models.DateTimeField("生效时间", null=True, blank=True)
    state = models.CharField("状态", max_length=9, choices=State.choices, default=State.STAGED)
    header_row = models.PositiveIntegerField("表头所在行", null=True)
    # Findings as SheetError fields: shown, never queried.
    errors = models.JSONField("问题", default=list)
    skipped = models.JSONField("跳过的行", default=list)
    # Rows that are written but not yet visible, for the progress page; touched with every batch.
    prepared = models.PositiveIntegerField("已准备的行", default=0)
    touched_at = models.DateTimeField(null=True, editable=False)
    counts = models.JSONField("结果", default=dict)

    class Meta:
        verbose_name = "花名册导入"
        verbose_name_plural = "花名册导入"
        ordering = ["-created_at"]

    def __str__(self):
        return self.file_name


class RosterRow(models.Model):
    """One accepted row of a 花名册 as it will be written, or one person who is missing from it.

    The identity number is never stored, not even here: `identity_hash` finds, `identity_masked` shows.
    """

    class Change(models.TextChoices):
        NEW = "new", "新增"
        CHANGED = "changed", "变更"
        LEFT = "left", "调出"
        SAME = "same", "不变"

    roster = models.ForeignKey(RosterImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("行")
    change = models.CharField("变化", max_length=7, choices=Change.choices)
    person = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    posting = models.ForeignKey(Posting, models.SET_NULL, null=True, related_name="+")
    # The unit is named until it is applied, because it may have to be created first.
    unit_name = models.CharField("单位", max_length=100)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    needs_unit_decision = models.BooleanField("需定人事关系", default=False)
    name = models.CharField("姓名", max_length=60)
    initials = models.CharField(max_length=60, blank=True)
    staff_number = models.CharField("工号", max_length=30, blank=True)
    changes_person = models.BooleanField(default=False)
    changes_posting = models.BooleanField(default=False)
    phone_cipher = models.BinaryField(null=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    identity_hash = models.CharField(max_length=64, blank=True)
    identity_masked = models.CharField(max_length=18, blank=True)
    birth_month = models.CharField("出生年月", max_length=7, blank=True)
    post = models.CharField("职务", max_length=60, blank=True)
    grade = models.CharField("职级", max_length=30, blank=True)
    category = models.CharField("人员类别", max_length=12, choices=Category.choices, blank=True)
    duty_status = models.CharField("在岗状态", max_length=12, choices=DutyStatus.choices)
    # What differs from what we have, in words for the preview: “职务：科员 → 科长”.
    difference = models.CharField("变化内容", max_length=400, blank=True)

    class Meta:
        verbose_name = "花名册行"
        verbose_name_plural = "花名册行"
        ordering = ["number"]
        indexes = [
            models.Index(fields=["roster", "change", "number"], name="roster_rows_by_change"),
            # The commit copies values from row to person; without this index it would read all rows per person.
            models.Index(fields=["roster", "person"], name="roster_rows_by_person"),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"
