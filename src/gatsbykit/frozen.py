"""A mapping that nobody changes, that hashes, pickles and copies."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar, cast

__all__ = ["FrozenMapping"]

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class FrozenMapping(dict[_Key, _Value]):
    """What every mapping in a frozen value is made into.

    It is a `dict`, because looking things up in it has to cost nothing and `json` has to take it; the
    methods that would change it raise `TypeError`. (`types.MappingProxyType`, which is much the same,
    neither pickles nor copies.)

    Examples:
        >>> import copy, pickle
        >>> counts = FrozenMapping(a=1, b=2)
        >>> copy.deepcopy(counts) == pickle.loads(pickle.dumps(counts)) == counts == {"b": 2, "a": 1}
        True
        >>> counts["a"] = 3
        Traceback (most recent call last):
        ...
        TypeError: a FrozenMapping does not change
    """

    __slots__ = ()

    def __hash__(self) -> int:  # type: ignore[override]
        """Hash the members, whose values have to hash, whatever their order."""
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and copy by way of the constructor: the usual way of a `dict` is to fill it bit by bit."""
        return type(self), (dict(self),)

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} does not change")

    __setitem__ = __delitem__ = __ior__ = cast("Any", _refuse)
    clear = pop = popitem = setdefault = update = cast("Any", _refuse)
