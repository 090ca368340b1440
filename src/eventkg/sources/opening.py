"""A file as a stream of bytes: unpacked, hashed and watched while it is read."""

from __future__ import annotations

import fnmatch
import gzip
import hashlib
import io
import os
import stat
import tempfile
import zipfile
from contextlib import ExitStack
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, TYPE_CHECKING, BinaryIO, Self, cast

from eventkg.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from _typeshed import WriteableBuffer

_BLOCK = 1 << 17
_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")
# Tables pack 5 to 60 times smaller; what packs 200 times smaller past that size was made to fill a disk.
_MAX_RATIO, _ALLOWED = 200, 64 << 20


class _Hashed(io.RawIOBase):
    """The file itself; what is read of it goes through SHA-256 and is counted."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self.digest = hashlib.sha256()
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        view = memoryview(buffer)
        size = self._file.readinto(view)
        if size:
            self.digest.update(view[:size])
            self.count += size
        return size

    def fileno(self) -> int:
        return self._file.fileno()

    def close(self) -> None:
        self._file.close()
        super().close()


class _Metered(io.RawIOBase):
    """An unpacked stream that stops when it has grown out of all proportion."""

    def __init__(self, stream: IO[bytes] | gzip.GzipFile, opened: Opened) -> None:
        self._stream, self._opened, self.count = stream, opened, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        data = self._stream.read(len(view))
        view[: len(data)] = data
        self.count += len(data)
        if self.count > _ALLOWED and self.count > _MAX_RATIO * self._opened.packed():
            raise DataError(
                f"{self._opened.path}: unpacks to more than {_MAX_RATIO} times its size, expected a table"
            )
        return len(data)


class Opened:
    """A file open for reading.

    `stream` has its bytes, unpacked if it is gzip or zip, whatever its name says; `size` is the file's own.
    """

    stream: BinaryIO

    def __init__(self, path: Path, member: str | None = None, *, workbook: bool = False) -> None:
        self.path, self._member = path, member
        self._stack = ExitStack()
        self._sum: str | None = None
        self._zipped: tuple[_Metered, zipfile.ZipInfo] | None = None
        try:
            self._before = _regular(path)
            self._raw = self._stack.enter_context(_Hashed(path))
            self.size = self._before.st_size
            self.stream = self._unpacked(workbook=workbook)
        except (OSError, zipfile.BadZipFile, NotImplementedError) as problem:
            self._stack.close()
            raise DataError(f"{path}: {getattr(problem, 'strerror', None) or problem}") from problem
        except BaseException:
            self._stack.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def packed(self) -> int:
        """How large the packed bytes are that were unpacked so far (of a zip: all of the member's)."""
        return self._raw.count if self._zipped is None else self._zipped[1].compress_size

    def position(self) -> int:
        """Bytes of the file, as it is on disk, up to where reading has come (of a zip: in proportion)."""
        if self._zipped is None:
            return min(self._raw.count, self.size)
        unpacked, info = self._zipped
        return self.size * min(unpacked.count, info.file_size) // max(info.file_size, 1)

    def seekable(self) -> BinaryIO:
        """The bytes as a file that can be read at any place; an unpacked one goes to a temporary file."""
        if self.stream.seekable():
            return self.stream
        copy = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        while block := self.stream.read(_BLOCK):
            copy.write(block)
        copy.seek(0)
        return cast("BinaryIO", copy)

    def finish(self) -> str:
        """The file's SHA-256, once all was read.

        Raises:
            DataError: the file has changed since it was opened.

        """
        if self._sum is None:
            while self._raw.read(_BLOCK):  # what stands after the end of a packed stream
                pass
            self._sum = self._raw.digest.hexdigest()
        now = os.fstat(self._raw.fileno())
        if (now.st_size, now.st_mtime_ns) != (self._before.st_size, self._before.st_mtime_ns):
            raise DataError(f"{self.path}: changed while it was read, expected a file at rest")
        return self._sum

    def _unpacked(self, *, workbook: bool) -> BinaryIO:
        with self.path.open("rb") as file:
            magic = file.read(4)
        if magic.startswith(_GZIP):
            packed = io.BufferedReader(self._raw, _BLOCK)
            unpacked = self._stack.enter_context(gzip.GzipFile(fileobj=packed))
            return io.BufferedReader(_Metered(unpacked, self), _BLOCK)
        if magic in _ZIP and not (workbook and _is_workbook(self.path)):
            return self._from_zip()
        if workbook:
            self._hash_first()
            return self._stack.enter_context(self.path.open("rb"))
        return io.BufferedReader(self._raw, _BLOCK)

    def _hash_first(self) -> None:
        """Formats that are read here and there are hashed before."""
        while self._raw.read(_BLOCK):
            pass
        self._sum = self._raw.digest.hexdigest()

    def _from_zip(self) -> BinaryIO:
        self._hash_first()
        archive = self._stack.enter_context(zipfile.ZipFile(self.path))
        info = _member(archive, self._member, str(self.path))
        unpacked = _Metered(self._stack.enter_context(archive.open(info)), self)
        self._zipped = (unpacked, info)
        return io.BufferedReader(unpacked, _BLOCK)


def _regular(path: Path) -> os.stat_result:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise DataError(f"{path}: is no file that can be read to its end")
    return found


def _is_workbook(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return "[Content_Types].xml" in archive.namelist()


def _member(archive: zipfile.ZipFile, pattern: str | None, where: str) -> zipfile.ZipInfo:
    """The one file of an archive that is meant; names that lead out of it condemn the archive."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    for info in infos:
        if _climbs(info.filename):
            raise DataError(
                f"{where}: the member '{info.filename}' leads out of the archive; nothing was read"
            )
    meant = [i for i in infos if not i.filename.startswith("__MACOSX/")]
    if pattern is not None:
        meant = [i for i in meant if fnmatch.fnmatchcase(i.filename, pattern)]
    if len(meant) != 1:
        names = ", ".join(f"'{info.filename}'" for info in meant[:5]) or "none"
        wanted = "a single file" if pattern is None else f"one that '{pattern}' names"
        raise DataError(f"{where}: members found: {names}, expected {wanted}")
    if meant[0].flag_bits & 1:
        raise DataError(f"{where}: '{meant[0].filename}' is encrypted, expected a plain member")
    return meant[0]


def _climbs(name: str) -> bool:
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    return posix.is_absolute() or bool(windows.drive or windows.root) or ".." in windows.parts
