"""Forms around the account: sign-in, changing and setting a password."""

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.password_validation import validate_password

from mingfa.people.actions.accounts import find_activation
from mingfa.people.errors import WrongActivation
from mingfa.people.lockout import SlowDown

FAILURES_ALLOWED = 5


class SignInForm(LoginForm):
    """Account and password. Says how many tries are left, the same for names nobody has."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "账号、工号或手机号"
        self.fields["login"].error_messages["required"] = "请填写账号。"
        self.fields["password"].label = "密码"
        self.fields["password"].error_messages["required"] = "请填写密码。"
        self.fields["password"].help_text = ""

    def clean(self):
        if self._errors:
            return self.cleaned_data
        try:
            return super().clean()
        except SlowDown as slow:
            raise forms.ValidationError(
                f"这个账号近来输错密码次数较多，请 {slow.seconds} 秒后再试。"
            ) from slow
        except forms.ValidationError as refused:
            raise forms.ValidationError(self._refusal()) from refused

    def _refusal(self) -> str:
        if getattr(self.request, "axes_locked_out", False):
            return "这个账号在这里连续输错密码，已锁定 10 分钟。请稍后再试，或请联络员重新发放激活条。"
        left = FAILURES_ALLOWED - getattr(self.request, "axes_failures_since_start", 0)
        return f"账号或密码不对。再错 {left} 次将锁定 10 分钟。"


def _password_field(label: str, complete: str, **kwargs) -> forms.CharField:
    # Blanks at the ends are part of a password.
    widget = forms.PasswordInput(attrs={"autocomplete": complete})
    messages = {"required": f"请填写{label}。"}
    return forms.CharField(
        label=label, strip=False, max_length=128, widget=widget, error_messages=messages, **kwargs
    )


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    new_password = _password_field(
        "新密码",
        "new-password",
        help_text="至少 8 位，大写字母、小写字母、数字、符号至少三类。不要用姓名、账号、手机号。",
    )
    repeat = _password_field("再输一次", "new-password")

    def clean(self):
        cleaned = super().clean()
        password, repeat = cleaned.get("new_password"), cleaned.get("repeat")
        if password and repeat and password != repeat:
            self.add_error("repeat", "两次输入的新密码不一样。请重新输入。")
        return cleaned

    def check_password_rules(self, user) -> None:
        """Put what the password rules say on the field."""
        try:
            validate_password(self.cleaned_data["new_password"], user)
        except forms.ValidationError as weak:
            self.add_error("new_password", weak)


class ChangePasswordForm(NewPasswordForm):
    """The current password and a new one."""

    current = _password_field("现在的密码", "current-password")
    field_order = ("current", "new_password", "repeat")

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_current(self):
        if not self.user.check_password(self.cleaned_data["current"]):
            raise forms.ValidationError("现在的密码不对。请重新输入。")
        return self.cleaned_data["current"]

    def clean(self):
        cleaned = super().clean()
        password = cleaned.get("new_password")
        if password:
            self.check_password_rules(self.user)
            if password == cleaned.get("current"):
                self.add_error("new_password", "新密码和现在的密码一样。请换一个。")
        return cleaned


class ActivateForm(NewPasswordForm):
    """Account, one-time code and a new password."""

    account = forms.CharField(
        label="账号、工号或手机号",
        max_length=150,
        error_messages={"required": "请填写账号。"},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    code = forms.CharField(
        label="激活码",
        max_length=60,
        error_messages={"required": "请填写纸条上的激活码。"},
        help_text="纸条上的字母和数字，横线和空格可以不输，大小写都行。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
    field_order = ("account", "code", "new_password", "repeat")

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        try:
            activation = find_activation(cleaned["account"], cleaned["code"], now=self.now)
        except WrongActivation as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
        self.check_password_rules(activation.user)
        return cleaned
