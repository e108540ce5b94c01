"""How reports round counts: down, with 余 (domain guide §5). Pure."""


def about(count: int, *, digits: int = 2) -> str:
    """`count` as reports write it: 6137 → “6100余”, with one leading digit “6000余”; 6100 stays “6100”.

    A number of no more than `digits` digits is exact and stays as it is. The exact number belongs beside it.

    Raises:
        ValueError: a negative count, or no digit.
    """
    if count < 0 or digits < 1:
        raise ValueError(f"nothing to round: {count}, {digits} digits")
    unit = 10 ** max(len(str(count)) - digits, 0)
    rounded = count // unit * unit
    return str(rounded) if rounded == count else f"{rounded}余"
