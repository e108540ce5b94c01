"""Password rules of our own (compliance A2): three of four kinds of characters, nothing about the person, none of the
last five."""

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from mingfa.people.vault import open_phone

KINDS_WANTED = 3
PASSWORDS_KEPT = 5


def kinds_in(password: str) -> int:
    """How many of the four kinds (lower case, upper case, digits, others) occur."""
    lower = any(mark.islower() for mark in password)
    upper = any(mark.isupper() for mark in password)
    digit = any(mark.isdigit() for mark in password)
    other = any(
        not mark.isalnum() or not (mark.islower() or mark.isupper() or mark.isdigit()) for mark in password
    )
    return lower + upper + digit + other


class ThreeKindsValidator:
    """At least three of: lower case, upper case, digits, other characters."""

    def validate(self, password, user=None):
        if kinds_in(password) < KINDS_WANTED:
            raise ValidationError(self.get_help_text(), code="password_too_simple")

    def get_help_text(self):
        return "密码要有大写字母、小写字母、数字、符号四类中的至少三类。"


class NotThePersonValidator:
    """Not the name, the user name, the staff number or the telephone number, nor a password around them."""

    def validate(self, password, user=None):
        if user is None:
            return
        phone = open_phone(user.phone_cipher)
        own = (user.name, user.username, user.staff_number or "", phone, phone[-8:])
        if any(len(word) > 1 and word.lower() in password.lower() for word in own):
            raise ValidationError(self.get_help_text(), code="password_about_person")

    def get_help_text(self):
        return "密码里不能有您的姓名、账号、工号或手机号。"


class NotUsedBeforeValidator:
    """None of the person's last PASSWORDS_KEPT passwords. Costs one hash for each of them."""

    def validate(self, password, user=None):
        if user is None or user.pk is None:
            return
        used = user.past_passwords.values_list("hashed", flat=True)[:PASSWORDS_KEPT]
        if any(check_password(password, hashed) for hashed in used):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self):
        return f"最近用过的 {PASSWORDS_KEPT} 个密码不能再用。请换一个新的。"
