"""The channel `folder`: copies files to a folder on any file system that fsspec knows (local, sftp, s3, WebDAV)."""

import posixpath
from typing import Any

from flows.steps.deliver.channels.channel import DeliveryFailed, Parcel


class FolderChannel:
    """Copies files under their own names; each is complete from the moment that it is visible."""

    def send(self, parcel: Parcel) -> str:
        """Copy the files, and the letter as a text file, to the folder that `recipient` names: a path or a URL.

        Raises:
            DeliveryFailed: the folder cannot be reached or written; files that were copied are complete.
        """
        import fsspec

        try:
            system, root = fsspec.core.url_to_fs(parcel.recipient)
            system.makedirs(root, exist_ok=True)
            for name in parcel.files:
                _put(system, (parcel.folder / name).read_bytes(), posixpath.join(root, name))
            _put(system, parcel.letter.text.encode(), posixpath.join(root, _letter_name(parcel)))
        # The libraries of file systems raise errors of their own; none of them may stop the other deliveries.
        except Exception as problem:  # noqa: BLE001
            raise DeliveryFailed(f"the folder cannot be reached or written ({type(problem).__name__})") from None
        return f"{len(parcel.files)} files"


def _letter_name(parcel: Parcel) -> str:
    """One letter per delivery: that of a withdrawal does not replace that of the report."""
    return f"letter-{parcel.message_id[1:9]}.txt"


def _put(system: Any, content: bytes, target: str) -> None:
    """Write a temporary file first, so that nobody sees half a file."""
    folder, name = posixpath.split(target)
    system.makedirs(folder, exist_ok=True)
    fresh = posixpath.join(folder, f".making-{name}")
    system.pipe_file(fresh, content)
    system.mv(fresh, target)
