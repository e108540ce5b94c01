"""A look-up put together once and asked often.

Putting a query with three related rows together takes the ORM several times as long as the database needs to answer,
and a sitting asks the same few questions on every page. `Prepared` keeps the SQL, the converters and the places of the
columns of one such queryset and builds the same objects from each row as the queryset would.
"""
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import BooleanField, CharField, DateField, Expression, F, Field, IntegerField, Model, QuerySet
from django.db.models.query import get_related_populators


class Given(Expression):
    """A value that is given with each look-up, by its place."""

    def __init__(self, place: int, field: Field):
        super().__init__(output_field=field)
        self.place = place

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def of(self, values: tuple):
        """What the database is given of the values of a look-up."""
        return self.output_field.get_db_prep_value(values[self.place], connection)


class AmongGiven(Given):
    """Whether a column of whole numbers is in a list that is given with each look-up, of any length."""

    conditional = True
    templates = {"postgresql": "{} = ANY(%s)", "sqlite": "{} IN (SELECT value FROM json_each(%s))"}

    def __init__(self, column: str, place: int):
        super().__init__(place, BooleanField())
        self.column = F(column)

    def get_source_expressions(self):
        return [self.column]

    def set_source_expressions(self, expressions):
        (self.column,) = expressions

    def as_sql(self, compiler, connection):
        sql, params = compiler.compile(self.column)
        return self.templates[connection.vendor].format(sql), [*params, self]

    def of(self, values: tuple):
        numbers = list(values[self.place])
        return numbers if connection.vendor == "postgresql" else json.dumps(numbers)


class GivenPeriod:
    """Stands for a period in a query that is written for real ones; its first and last day have the places 0 and 1."""

    starts_on, ends_on = Given(0, DateField()), Given(1, DateField())


class GivenUnit:
    """Stands for a unit in a query that is written for real ones; its path has the place 2."""

    path = Given(2, CharField())


def _values(params: tuple, values: tuple) -> list:
    return [each.of(values) if isinstance(each, Given) else each for each in params]


def _converters(compiler, columns: Sequence[Expression]) -> dict:
    """Place of a column → (its converters, itself), without whole numbers: both databases hand them over as such."""
    found = compiler.get_converters(columns)
    return {place: one for place, one in found.items() if not isinstance(columns[place].output_field, IntegerField)}


def _convert(row: list, converters: dict) -> list:
    for place, (functions, column) in converters.items():
        for convert in functions:
            row[place] = convert(row[place], column, connection)
    return row


class PreparedRows:
    """The rows of a values_list, a union too.

    Args:
        make: returns the queryset, with Given in its filters. Called once per kind of database, on the first look-up.
    """

    def __init__(self, make: Callable[[], QuerySet]):
        self.make = make
        self._compiled: dict[str, tuple[str, tuple, dict]] = {}

    def all(self, *values) -> list[Sequence]:
        """The rows for these values, one for each Given, in order of their places. One statement."""
        sql, params, converters = self._compiled.get(connection.vendor) or self._compile()
        with connection.cursor() as cursor:
            cursor.execute(sql, _values(params, values))
            rows = cursor.fetchall()
        return [_convert(list(row), converters) for row in rows] if converters else rows

    def _compile(self) -> tuple[str, tuple, dict]:
        compiler = self.make().query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        compiled = sql, params, _converters(compiler, [column for column, *_ in compiler.select])
        self._compiled[connection.vendor] = compiled
        return compiled


@dataclass(frozen=True)
class _Compiled:
    sql: str
    params: tuple
    converters: dict
    model: type[Model]
    fields: list[str]
    columns: slice
    related: list
    annotations: dict


class Prepared:
    """The rows of a queryset, as objects with their related objects and annotations.

    Args:
        make: returns the queryset, with Given in its filters. Called once per kind of database, on the first look-up.
    """

    def __init__(self, make: Callable[[], QuerySet]):
        self.make = make
        self._compiled: dict[str, _Compiled] = {}

    def first(self, *values) -> Model | None:
        """The first object for these values, None without a row. One statement."""
        return next(iter(self.all(*values)), None)

    def all(self, *values) -> list[Model]:
        """The objects for these values. One statement.

        Args:
            values: one for each Given, in order of their places.
        """
        one = self._compiled.get(connection.vendor) or self._compile()
        with connection.cursor() as cursor:
            cursor.execute(one.sql, _values(one.params, values))
            return [self._build(one, list(row)) for row in cursor.fetchall()]

    def _compile(self) -> _Compiled:
        compiler = self.make().query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        select, found = compiler.select, compiler.klass_info["select_fields"]
        columns = slice(found[0], found[-1] + 1)
        # The steps of QuerySet's own ModelIterable, taken once.
        compiled = _Compiled(
            sql, params, _converters(compiler, [column for column, *_ in select]), compiler.klass_info["model"],
            [column.target.attname for column, *_ in select[columns]], columns,
            get_related_populators(compiler.klass_info, select, connection.alias), compiler.annotation_col_map,
        )  # fmt: skip
        self._compiled[connection.vendor] = compiled
        return compiled

    @staticmethod
    def _build(one: _Compiled, row: list) -> Model:
        _convert(row, one.converters)
        found = one.model.from_db(connection.alias, one.fields, row[one.columns])
        for related in one.related:
            related.populate(row, found)
        for name, place in one.annotations.items():
            setattr(found, name, row[place])
        return found
