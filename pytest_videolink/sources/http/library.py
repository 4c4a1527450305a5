"""The library that speaks HTTP: httpx2 where it is installed, and else httpx.

httpx2 goes on from httpx under a name of its own, with the same interface.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx
else:
    try:
        import httpx2 as httpx
    except ModuleNotFoundError:
        import httpx

__all__ = ["httpx"]
