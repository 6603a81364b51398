"""The channel `folder`: copies files to a folder on any file system that fsspec knows (local, sftp, s3, WebDAV)."""

import posixpath
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE
from typing import Any

from flows.steps.deliver.channels.channel import DeliveryFailed, Parcel


class FolderChannel:
    """Copies files under their own names; each is complete from the moment that it is visible.

    On this machine, whoever may read the recipient's folder may read the files; a folder that is made is its owner's.
    """

    def send(self, parcel: Parcel) -> str:
        """Copy the files, and the letter as a text file, to the folder that `recipient` names: a path or a URL.

        Raises:
            DeliveryFailed: the folder cannot be reached or written; files that were copied are complete.
        """
        import fsspec

        try:
            system, root = fsspec.core.url_to_fs(parcel.recipient)
            readers = _mode_of(system, posixpath.dirname(root))
            for name in parcel.files:
                _put(system, (parcel.folder / name).read_bytes(), posixpath.join(root, name), readers)
            _put(system, parcel.letter.text.encode(), posixpath.join(root, _letter_name(parcel)), readers)
        # The libraries of file systems raise errors of their own; none of them may stop the other deliveries.
        except Exception as problem:  # noqa: BLE001
            raise DeliveryFailed(f"the folder cannot be reached or written ({type(problem).__name__})") from None
        return f"{len(parcel.files)} files"


def _letter_name(parcel: Parcel) -> str:
    """One letter per delivery: that of a withdrawal does not replace that of the report."""
    return f"letter-{parcel.message_id[1:9]}.txt"


def _mode_of(system: Any, folder: str) -> int | None:
    """The permissions of a folder of this machine that is there already; elsewhere the server has its own rules."""
    if "file" not in system.protocol or not system.isdir(folder):
        return None
    return S_IMODE(Path(folder).stat().st_mode)


def _put(system: Any, content: bytes, target: str, readers: int | None) -> None:
    """Write a temporary file first, so that nobody sees half a file."""
    folder, name = posixpath.split(target)
    is_new = not system.isdir(folder)
    system.makedirs(folder, exist_ok=True)
    fresh = posixpath.join(folder, f".making-{name}")
    system.pipe_file(fresh, content)
    if readers is not None:
        # A mounted share may have rules of its own, and refuse others.
        with suppress(OSError):
            Path(fresh).chmod(readers & 0o666)
            if is_new:
                Path(folder).chmod(readers)
    system.mv(fresh, target)
