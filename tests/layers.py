"""What may import what (docs of the rules: CONTRIBUTING.md); read from the source with ast, nothing is imported.

`violations(root)` returns one sentence for everything in a tree that breaks the rules.
"""
import ast
from dataclasses import dataclass

# Row by row from the top; a module imports from rows below its own, and from its own app.
ROWS = (
    ("outreach", "exams", "courses.live", "courses"),
    ("mingfa.changes", "mingfa.operations"),
    ("mingfa.reports", "mingfa.indicators", "mingfa.reminders", "mingfa.desk"),
    ("mingfa.bank",),
    ("mingfa.review", "mingfa.notices", "mingfa.audit"),
    ("mingfa.people", "mingfa.library"),
    ("mingfa",),
)
# The arrows inside a row.
ALLOWED = {("courses.live", "courses"), ("mingfa.reports", "mingfa.indicators"), ("mingfa.reports", "mingfa.desk")}
ALLOWED |= {("mingfa.reminders", "mingfa.desk")}
# What the foundation puts on the start page: the registry knows nobody, so its Todo may be used from below.
ALLOWED |= {("mingfa.review", "mingfa.desk")}
# Put together from every app; nothing imports them. The template tags draw the frame of every page (navigation).
ASSEMBLY = (
    "mingfa.settings",
    "mingfa.urls",
    "mingfa.asgi",
    "mingfa.wsgi",
    "mingfa.demo",
    "mingfa.rehearsal",
    "mingfa.management",
    "mingfa.templatetags",
)
DOMAIN = ("outreach", "exams", "courses")
REGISTRIES = ("mingfa.reports", "mingfa.indicators", "mingfa.reminders", "mingfa.desk")
# File names that are ours alone; looking for `routing` or `actions` would run other packages' files.
DISCOVERED = {"indicators", "todos", "completions", "followups", "reminders"}

# Rooms of an app, from the bottom.
ROOMS = (
    ("engine", "importing", "exchange", "board"),
    ("models",),
    ("queries", "actions"),
    ("forms", "viewsets", "views", "consumers", "indicators", "todos"),
    ("urls", "sockets", "wagtail_hooks"),
)
PURE_ROOMS = ROOMS[0]
PURE_MODULES = {
    "courses.live.media.boxes",
    "courses.live.media.lines",
    "courses.live.media.playlist",
    "courses.live.media.schemes",
    "courses.live.media.tracks",
    "mingfa.guard",
    "mingfa.operations.archive",
    "mingfa.operations.locks",
    "mingfa.numbers",
    "mingfa.periods",
    "mingfa.pictures",
    "mingfa.rounding",
    "mingfa.bank.differences",
    "mingfa.bank.drafts",
    "mingfa.bank.grounds",
    "mingfa.bank.heads",
    "mingfa.bank.marking",
    "mingfa.bank.similarity",
    "mingfa.bank.types",
    "mingfa.indicators.figures",
    "mingfa.library.citations",
    "mingfa.library.comparing",
    "mingfa.library.provisions",
    "mingfa.library.folding",
    "mingfa.library.quantities",
    "mingfa.library.reading",
    "mingfa.library.search.words",
    "mingfa.library.standing",
    "mingfa.library.suggesting",
    "mingfa.people.names",
    "mingfa.people.personal",
    "mingfa.people.privacy",
}
FRAMEWORK = {"django", "wagtail", "channels", "treebeard", "taggit", "modelcluster", "allauth", "axes", "rules"}


@dataclass(frozen=True)
class Module:
    name: str
    is_package: bool
    tree: ast.Module

    @property
    def app(self):
        """The most particular entry of ROWS that holds this module; None outside of all."""
        return app_of(self.name)

    @property
    def room(self):
        """The module's place inside its app, e.g. ``views`` for ``exams.views.board``."""
        return self.name[len(self.app) + 1 :].split(".")[0] if self.app else ""


def violations(root):
    """Return the sentences, sorted, for the tree whose apps lie in `root` and `root`/platform."""
    found = []
    if (root / "platform" / "__init__.py").exists():
        found.append("platform/__init__.py exists: it hides Python's own platform module")
    modules = {module.name: module for module in read(root)}
    for module in modules.values():
        targets = imports(module, modules)
        for target, reason in bad_imports(module, targets, modules):
            found.append(f"{module.name} imports {target}: {reason}")
        found += other_rules(module)
    return sorted(set(found))


def read(root):
    """Yield the modules of all apps below `root`, migrations and tests left out."""
    places = [(root, name.split(".")[0]) for name in DOMAIN] + [(root / "platform", "mingfa")]
    for base, top in places:
        for path in sorted((base / top).rglob("*.py")):
            parts = list(path.relative_to(base).with_suffix("").parts)
            if "migrations" in parts:
                continue
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            yield Module(name, is_package, ast.parse(path.read_text(encoding="utf-8"), str(path)))


def imports(module, modules):
    """Return the full names of all modules that `module` imports, also inside functions."""
    names = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            source = absolute(node, module)
            within = {f"{source}.{alias.name}" for alias in node.names} & modules.keys()
            names |= within or {source}
            if len(within) < len(node.names):
                names.add(source)
    return names


def absolute(node, module):
    if not node.level:
        return node.module
    parts = module.name.split(".")
    parts = parts[: len(parts) - node.level + module.is_package]
    return ".".join(parts + ([node.module] if node.module else []))


def app_of(name):
    holders = [app for row in ROWS for app in row if name == app or name.startswith(app + ".")]
    return max(holders, key=len, default=None)


def row_of(app):
    return next(i for i, row in enumerate(ROWS) if app in row)


def within(name, places):
    return any(name == place or name.startswith(place + ".") for place in places)


def is_pure(module):
    return module.name in PURE_MODULES or module.room in PURE_ROOMS


def bad_imports(module, targets, modules):
    for target in sorted(targets):
        if is_pure(module):
            if target.split(".")[0] in FRAMEWORK:
                yield target, "a pure module knows no framework"
                continue
            if target in modules and not (is_pure(modules[target]) or modules[target].is_package):
                yield target, "a pure module imports only pure ones"
                continue
        other = app_of(target)
        if other is None or within(module.name, ASSEMBLY):
            continue
        if within(target, ASSEMBLY):
            yield target, "nothing imports the assembly"
        elif other == module.app:
            yield from bad_rooms(module, target)
        elif (module.app, other) not in ALLOWED and row_of(other) <= row_of(module.app):
            yield target, f"{other} does not lie below {module.app}"


def bad_rooms(module, target):
    ranks = {room: rank for rank, rooms in enumerate(ROOMS) for room in rooms}
    own, other = ranks.get(module.room), ranks.get(target[len(module.app) + 1 :].split(".")[0])
    if module.app != "mingfa" and own is not None and other is not None and other > own:
        yield target, f"inside an app, {module.room} lies below it"


def other_rules(module):
    """Rules that are not about one import: what registries name and discover, and who talks to sockets."""
    calls = {node for node in ast.walk(module.tree) if isinstance(node, ast.Call)}
    words = {node.value for node in ast.walk(module.tree) if isinstance(node, ast.Constant)}
    if within(module.name, REGISTRIES):
        for word in sorted(word for word in words if isinstance(word, str) and within(word, DOMAIN)):
            yield f"{module.name} names {word}: a registry knows no domain app"
    for call in calls:
        called = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if called == "autodiscover_modules":
            wanted = {arg.value for arg in call.args if isinstance(arg, ast.Constant)}
            for name in sorted(wanted - DISCOVERED):
                yield f"{module.name} discovers {name}: that file name is not ours alone"
    uses = {alias.name for node in ast.walk(module.tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    if module.name != "mingfa.sockets" and "async_to_sync" in uses:
        yield f"{module.name} uses async_to_sync: only mingfa.sockets talks to sockets"
