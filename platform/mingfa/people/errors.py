"""Refusals of the people app. They carry facts; the sentence for the screen is `str(error)`."""


class PeopleRefusal(Exception):
    """An action was refused and changed nothing."""


class HoldsAnotherAdminRole(PeopleRefusal):
    """三员 are separated: the person already holds one of the three (compliance A7). held: its label."""

    def __init__(self, name: str, held: str):
        super().__init__(
            f"{name}已经是{held}。系统管理员、安全管理员、审计管理员三种角色，一人只能担任一种。"
        )
        self.held = held


class GrantsToSelf(PeopleRefusal):
    """Nobody grants or takes roles of their own."""

    def __init__(self):
        super().__init__("不能给自己授权或撤销自己的角色。请由另一位安全管理员办理。")


class NameTaken(PeopleRefusal):
    """Another person has this user name, staff number or identity number. field: which."""

    def __init__(self, field: str):
        label = {"username": "账号", "staff_number": "工号", "identity": "身份证号"}[field]
        super().__init__(f"这个{label}已经有人使用。请核对是不是同一个人。")
        self.field = field


class WrongActivation(PeopleRefusal):
    """Name and code do not fit together, or the code is used up or too old. One sentence for all of it."""

    def __init__(self):
        super().__init__("账号或激活码不对，或者激活码已用过、已过期。请核对纸条，仍不行就请联络员重新发放。")


class UnitInUse(PeopleRefusal):
    """A unit with people, roles or units below it cannot go."""

    def __init__(self, name: str):
        super().__init__(f"“{name}”下面还有人员、角色或下级单位，不能删除。请先调整它们。")


class UnitBelowItself(PeopleRefusal):
    """A unit cannot be moved below itself."""

    def __init__(self, name: str):
        super().__init__(f"不能把“{name}”移到它自己的下级单位里。请另选上级单位。")


class RosterOutOfDate(PeopleRefusal):
    """Since the upload, people of the list moved or came under others. names: of those people."""

    def __init__(self, names: list[str]):
        several = f"等 {len(names)} 人" if len(names) > 1 else ""
        super().__init__(
            f"核对以后，{names[0]}{several}的单位、角色或您的权限有了变化，没有写入任何内容。请重新上传这份花名册。"
        )
        self.names = names


class RosterNotReady(PeopleRefusal):
    """The import was applied or discarded already, or is being written just now."""

    def __init__(self, state: str):
        super().__init__(f"这份花名册{state}，没有再次写入。请刷新页面查看结果。")
