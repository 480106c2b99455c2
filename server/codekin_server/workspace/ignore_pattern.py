"""One line of a .gitignore file, matched exactly as git matches it.

In: a line, as bytes. Out: :class:`IgnorePattern`, which says whether one path matches. Must not know of files or
folders on disk. git matches bytes, not characters, and a pattern matches an entry itself, never what lies beneath it;
matchers built on whole-path expressions disagree with git on both (a test compares this one with ``git check-ignore``).
"""

import re
import string
from dataclasses import dataclass

_SPECIAL = b"*?[\\"
_UTF8_MARK = b"\xef\xbb\xbf"
_POSIX_CLASSES = {
    b"alnum": string.ascii_letters + string.digits,
    b"alpha": string.ascii_letters,
    b"blank": " \t",
    b"cntrl": "".join(map(chr, [*range(32), 127])),
    b"digit": string.digits,
    b"graph": string.ascii_letters + string.digits + string.punctuation,
    b"lower": string.ascii_lowercase,
    b"print": string.ascii_letters + string.digits + string.punctuation + " ",
    b"punct": string.punctuation,
    b"space": " \t\n\r\v\f",
    b"upper": string.ascii_uppercase,
    b"xdigit": string.hexdigits,
}


@dataclass(frozen=True, slots=True)
class IgnorePattern:
    """``negated`` re-includes; ``folders_only`` matches no file; ``anchored`` looks at the whole path."""

    expression: re.Pattern[bytes]
    negated: bool
    folders_only: bool
    anchored: bool

    def matches(self, path: bytes, *, is_folder: bool) -> bool:
        """Whether the entry at ``path``, relative to the folder of the pattern's file, is meant."""
        if self.folders_only and not is_folder:
            return False
        subject = path if self.anchored else path.rpartition(b"/")[2]
        return self.expression.fullmatch(subject) is not None


def ignore_patterns(content: bytes) -> tuple[IgnorePattern, ...]:
    """The patterns of a whole file, in order; lines that can match nothing are left out."""
    lines = content.removeprefix(_UTF8_MARK).split(b"\n")
    found = (ignore_pattern(line.removesuffix(b"\r")) for line in lines)
    return tuple(pattern for pattern in found if pattern is not None)


def ignore_pattern(line: bytes) -> IgnorePattern | None:
    """The pattern in ``line``; None for a comment, a blank line, and what git takes for malformed."""
    if line.startswith(b"#"):
        return None
    pattern = _without_trailing_spaces(line)
    negated = pattern.startswith(b"!")
    pattern = pattern[1:] if negated else pattern
    folders_only = pattern.endswith(b"/")
    pattern = pattern[:-1] if folders_only else pattern
    anchored = b"/" in pattern
    expression = _expression(pattern.removeprefix(b"/")) if pattern else None
    return None if expression is None else IgnorePattern(expression, negated, folders_only, anchored)


def _without_trailing_spaces(line: bytes) -> bytes:
    """Spaces at the end go, unless a backslash stands before them."""
    kept, at = 0, 0
    while at < len(line):
        at += 2 if line[at : at + 1] == b"\\" else 1
        if line[at - 1 : at] != b" " or line[max(0, at - 2) : at - 1] == b"\\":
            kept = at
    return line[:kept]


def _expression(pattern: bytes) -> re.Pattern[bytes] | None:
    """Git compares the part before the first special character by itself; ``**`` right after it counts as leading."""
    literal = next((at for at in range(len(pattern)) if pattern[at] in _SPECIAL), len(pattern))
    parts: list[bytes] = [re.escape(pattern[:literal])]
    at = literal
    while at < len(pattern):
        step = _token(pattern, at, literal)
        if step is None:
            return None
        at = step[0]
        parts.append(step[1])
    return re.compile(b"".join(parts), re.DOTALL)


def _token(pattern: bytes, at: int, start: int) -> tuple[int, bytes] | None:
    """Where the token at ``at`` ends and its regular expression; None for a malformed one."""
    match pattern[at : at + 1]:
        case b"\\":
            return None if at + 1 == len(pattern) else (at + 2, re.escape(pattern[at + 1 : at + 2]))
        case b"?":
            return at + 1, b"[^/]"
        case b"*":
            return _stars(pattern, at, start)
        case b"[":
            return _bracket(pattern, at + 1)
        case character:
            return at + 1, re.escape(character)


def _stars(pattern: bytes, at: int, start: int) -> tuple[int, bytes]:
    end = at
    while pattern[end : end + 1] == b"*":
        end += 1
    opens = at == start or pattern[at - 1 : at] == b"/"
    closes = pattern[end : end + 1] in (b"", b"/") or pattern[end : end + 2] == b"\\/"
    if end - at == 1 or not (opens and closes):
        return end, b"[^/]*"
    return (end + 1, b"(?:.*/)?") if pattern[end : end + 1] == b"/" else (end, b".*")


def _bracket(pattern: bytes, at: int) -> tuple[int, bytes] | None:
    """A character class, written out as the bytes it holds; ``/`` is never among them."""
    negated = pattern[at : at + 1] in (b"!", b"^")
    at += negated
    members: set[int] = set()
    previous: int | None = None
    first = True
    while first or pattern[at : at + 1] != b"]":
        first = False
        step = _member(pattern, at, previous)
        if step is None:
            return None
        at, previous, added = step
        members |= added
    kept = (set(range(256)) - members if negated else members) - {ord("/")}
    return at + 1, b"[" + b"".join(b"\\x%02x" % each for each in sorted(kept)) + b"]" if kept else b"(?!)"


def _member(pattern: bytes, at: int, previous: int | None) -> tuple[int, int | None, set[int]] | None:
    """The next member of a class: where it ends, the byte a range may start from, the bytes it adds."""
    if at >= len(pattern):
        return None
    if pattern.startswith(b"[:", at):
        return _posix_class(pattern, at)
    follows = pattern[at + 1 : at + 2]
    if previous is not None and pattern[at : at + 1] == b"-" and follows not in (b"", b"]"):
        at += 2 if follows == b"\\" else 1
        return None if at >= len(pattern) else (at + 1, None, set(range(previous, pattern[at] + 1)))
    at += pattern[at : at + 1] == b"\\"
    return None if at >= len(pattern) else (at + 1, pattern[at], {pattern[at]})


def _posix_class(pattern: bytes, at: int) -> tuple[int, int | None, set[int]] | None:
    """``[:digit:]``; without its ``:]`` the bracket stands for itself, with an unknown name nothing matches."""
    end = pattern.find(b"]", at + 2)
    if end < 0:
        return None
    if pattern[end - 1 : end] != b":" or end - 1 < at + 2:
        return at + 1, ord("["), {ord("[")}
    members = _POSIX_CLASSES.get(pattern[at + 2 : end - 1])
    return None if members is None else (end + 1, None, set(members.encode()))
