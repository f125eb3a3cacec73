"""The filters understood, as chips: each can be removed, which asks for the same list without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.listing import condition_words, describe
from assistant.schema import Condition, Facet, Filters, Order
from assistant.ui.markup import button, escape
from assistant.ui.words import WORDS

Json = dict[str, object]


def chips(filters: Filters, language: str) -> str:
    """Return the chips of a list's filters, empty where there are none."""
    words = WORDS[language]
    parts = []
    for number, condition in enumerate(filters.conditions):
        rest = replace(filters, conditions=filters.conditions[:number] + filters.conditions[number + 1 :])
        parts.append(_chip(condition_words(condition, language), rest, language))
    if filters.order:
        rest = replace(filters, order=None)
        parts.append(_chip(describe(Filters(order=filters.order), language), rest, language))
    return f'<div class="chips" role="group" aria-label="{words.understood}">{words.understood} {"".join(parts)}</div>' if parts else ""


def to_json(filters: Filters) -> Json:
    """Return filters as plain values."""
    return {
        "conditions": [
            {"facet": c.facet.value, "values": sorted(c.values), "low": c.low, "high": c.high, "negated": c.negated}
            for c in filters.conditions
        ],
        "order": {"facet": filters.order.facet.value, "largest": filters.order.largest} if filters.order else None,
    }


def from_json(values: Mapping[str, object]) -> Filters:
    """Return the filters that a page sent back.

    Raises:
        ValueError: they are not such filters.

    """
    try:
        conditions = tuple(_condition(one) for one in values["conditions"])  # type: ignore[attr-defined]
        order = values["order"]
        return Filters(conditions, Order(Facet(order["facet"]), bool(order["largest"])) if order else None)  # type: ignore[index]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not filters: {error}") from error


def _condition(values: Mapping[str, object]) -> Condition:
    said = values["values"]
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise TypeError("values are not words")
    return Condition(Facet(str(values["facet"])), frozenset(said), _number(values["low"]), _number(values["high"]), bool(values["negated"]))


def _number(value: object) -> float | None:
    if value is None or isinstance(value, int | float):
        return value
    raise TypeError("a bound is no number")


def _chip(name: str, rest: Filters, language: str) -> str:
    described = WORDS[language].remove_filter.format(name=name)
    return button(f'{escape(name)} <span aria-hidden="true">✕</span>', "filters", to_json(rest), css="chip", description=described)
