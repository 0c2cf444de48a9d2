"""How much a saved case really holds: packed, a thousand equal things weigh no more than one."""

import zstandard


def unpacked(state: bytes) -> int:
    """The bytes of a saved state before it was packed."""
    return len(zstandard.ZstdDecompressor().decompress(state[1:]))
