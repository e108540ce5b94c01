"""Rows for a statement, handed over as one JSON text: the statement is the same for any number of rows, so that neither the
driver nor the database takes it apart anew."""
import json
from collections.abc import Iterable, Sequence


def from_json(*types: str) -> dict[str, str]:
    """The end of an INSERT … SELECT that reads such a text, by vendor of the database.

    Args:
        types: of the columns, as PostgreSQL names them.

    Returns:
        SQL with one place, for as_json(); further clauses may follow.
    """
    on_postgresql = ", ".join(f"(r->>{n})::{each}" for n, each in enumerate(types))
    on_sqlite = ", ".join(f"json_extract(value, '$[{n}]')" for n in range(len(types)))
    return {
        "postgresql": f"{on_postgresql} FROM json_array_elements(%s::json) AS r",
        # Without a condition SQLite would take ON CONFLICT for that of a join.
        "sqlite": f"{on_sqlite} FROM json_each(%s) WHERE true",
    }


def as_json(rows: Iterable[Sequence]) -> str:
    """The text: numbers, texts and None as they are, what is no JSON (decimals, dates) as text."""
    return json.dumps(list(rows), ensure_ascii=False, default=str)
