"""Draw a part of a page once for every set of values it shows."""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString

register = template.Library()

MOST = 5_000  # parts in memory for each place in a template, at about half a kilobyte


class RememberNode(template.Node):
    """Its memory is this process's own and needs no clearing: new values are a new key."""

    def __init__(self, nodelist: NodeList, keys: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self._keys = keys
        self._drawn: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        key = tuple(expression.resolve(context) for expression in self._keys)
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = self.nodelist.render(context)
            if len(self._drawn) >= MOST:
                self._drawn.clear()
            self._drawn[key] = drawn
        return drawn


@register.tag
def remember(parser: Parser, token: Token) -> RememberNode:
    """`{% remember line.facts %} ... {% endremember %}`: the values named must be all that the part depends on.

    Nothing of the visitor may be inside: no token, no request, no dates in the viewer's time zone.
    """
    keys = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    return RememberNode(nodelist, keys)
