"""What the assembly itself keeps: who runs this site, shown in the header and the footer of every page."""
from django.core.cache import cache
from django.db import models
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="site", order=1)
class SiteIdentity(BaseGenericSetting):
    """Name of the place and the footer fields a government site must show (domain guide §10, C4)."""

    place = models.CharField("所在地", max_length=30, blank=True, help_text="显示在“明法”旁边，例如 嘉禾区")
    organiser = models.CharField("主办单位", max_length=60, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    icp = models.CharField("ICP 备案号", max_length=40, blank=True)
    police = models.CharField("公安备案号", max_length=40, blank=True)
    site_code = models.CharField("网站标识码", max_length=20, blank=True)

    class Meta:
        verbose_name = "网站标识"

    def __str__(self):
        return self.organiser or "网站标识"

    @classmethod
    def current(cls) -> "SiteIdentity":
        """What is filled in; empty until somebody did. Every page shows it, so other processes may be a minute late."""
        return cache.get_or_set("site-identity", lambda: cls.objects.first() or cls(), 60)

    def save(self, *args, **kwargs):
        """Saves, and shows it at once."""
        super().save(*args, **kwargs)
        cache.delete("site-identity")
