"""The known attack on AES-GCM: one ciphertext and tag that open under two keys."""

from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB

_REDUCTION: Final = 0xE1 << 120
_BLOCK: Final = 16


def two_key_ciphertext(keys: tuple[bytes, bytes], nonce: bytes, aad: bytes, length: int) -> bytes:
    """A ciphertext of this length, and its tag, that AES-256-GCM opens under both keys.

    All blocks are zero but the first, which is chosen so that both keys give the same tag.
    """
    blocks = _hashed_blocks(aad, bytes(length))
    first = len(_padded(aad)) // _BLOCK
    hash_keys = [_block_cipher(key, bytes(_BLOCK)) for key in keys]
    masks = [_block_cipher(key, nonce + b"\x00\x00\x00\x01") for key in keys]
    tags = [_ghash(h, blocks) ^ m for h, m in zip(hash_keys, masks, strict=True)]
    weights = [_power(h, len(blocks) - first) for h in hash_keys]
    block = _times(tags[0] ^ tags[1], _power(weights[0] ^ weights[1], 2**128 - 2))
    tag = tags[0] ^ _times(block, weights[0])
    return block.to_bytes(_BLOCK, "big") + bytes(length - _BLOCK) + tag.to_bytes(_BLOCK, "big")


def _block_cipher(key: bytes, block: bytes) -> int:
    encryptor = Cipher(AES256(key), ECB()).encryptor()  # noqa: S305 - GCM itself is made of single blocks
    return int.from_bytes(encryptor.update(block), "big")


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _BLOCK)


def _hashed_blocks(aad: bytes, ciphertext: bytes) -> list[int]:
    lengths = (8 * len(aad)).to_bytes(8, "big") + (8 * len(ciphertext)).to_bytes(8, "big")
    data = _padded(aad) + _padded(ciphertext) + lengths
    return [int.from_bytes(data[at : at + _BLOCK], "big") for at in range(0, len(data), _BLOCK)]


def _ghash(hash_key: int, blocks: list[int]) -> int:
    total = 0
    for block in blocks:
        total = _times(total ^ block, hash_key)
    return total


def _times(left: int, right: int) -> int:
    product = 0
    for bit in range(127, -1, -1):
        if right >> bit & 1:
            product ^= left
        left = left >> 1 ^ (_REDUCTION if left & 1 else 0)
    return product


def _power(base: int, exponent: int) -> int:
    result = 1 << 127
    while exponent:
        if exponent & 1:
            result = _times(result, base)
        base = _times(base, base)
        exponent >>= 1
    return result
