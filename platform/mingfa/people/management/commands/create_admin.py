"""The first administrator, with a one-time password."""
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from mingfa.people.actions import set_one_time_password
from mingfa.people.models import User
from mingfa.people.names import fold_name, initials


class Command(BaseCommand):
    """Prints the password once. Run again for a name that exists, it gives that administrator a new one."""

    help = "新建管理员并显示一次性密码；账号已是管理员时，重新给一个一次性密码。"

    def add_arguments(self, parser):
        parser.add_argument("name", help="登录账号，例如 admin")

    def handle(self, *, name, **options):
        now = timezone.now()
        username = fold_name(name)
        if not username or len(username) > 150:
            raise CommandError("请给出登录账号，例如：create_admin admin")
        with transaction.atomic():
            user = User.objects.filter(username=username).first()
            if user is not None and not user.is_superuser:
                raise CommandError(f"账号 {username} 已经属于{user.name}，他不是管理员。请换一个账号名。")
            if user is None:
                user = User(username=username, name=username, initials=initials(username), is_superuser=True)
                user.set_unusable_password()
                user.save()
            password = set_one_time_password(user, by=None, now=now)
        self.stdout.write(f"账号：{username}\n一次性密码：{password}\n首次登录后要换成自己的密码。")
