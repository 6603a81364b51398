"""`motiefmix rotate-key`: recomputes all pseudonyms under a new key, from the kept exports."""

import secrets
from dataclasses import dataclass

from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.telling import tell
from flows.foundation.errors import UserError
from flows.foundation.messages import pluralise
from flows.privacy import rotation
from flows.privacy.rotation import changing
from flows.programme import environment
from flows.programme import settings as settings_module
from flows.programme.loading import load_programme
from flows.programme.pseudonym_key import PseudonymKeys
from flows.programme.settings import Settings


@dataclass(frozen=True)
class Rotated:
    """How many answers have new pseudonyms, and the file of the new key (empty: in the environment)."""

    answers: int
    key_file: str


def rotate(settings: Settings) -> Rotated:
    """Re-read every kept export under a new key, and translate the disclosure record and the decisions.

    The current key is kept as a retired one: it is needed to recognise erased people.

    Raises:
        UserError: a kept export cannot be read again, or the key comes from the environment and the new one does not.
    """
    folder = settings.folder
    folder.make_private()
    with changing(folder):
        keys = settings.pseudonym_keys()
        new = environment.new_key()
        if environment.pseudonym_keys() and not new:
            raise UserError(
                f"The key comes from the environment, so the new one must too: set {environment.NEW_KEY_VARIABLE}"
                " to at least 32 random characters, and run this again."
            )
        following = PseudonymKeys((new or secrets.token_hex(32)).encode(), keys.every)
        key_file = None if environment.pseudonym_keys() else settings.key_file
        answers = rotation.prepare(folder, load_programme(settings).sources, following, key_file)
        rotation.finish(folder)
    return Rotated(answers, str(key_file or ""))


def describe(rotated: Rotated) -> str:
    """Describe what was done and what is left to do."""
    done = f"{pluralise(rotated.answers, 'answer')} under new pseudonyms; members match with earlier months as before."
    if rotated.key_file:
        return f"{done}\nThe new key, and the retired one below it: {rotated.key_file}"
    return (
        f"{done}\nNow set {environment.KEY_VARIABLE} to the new key, a space, and the former one, and unset"
        f" {environment.NEW_KEY_VARIABLE}."
    )


def command(*, programme: ProgrammeOption = HERE, json: JsonOption = False) -> None:
    """Rotate the key."""
    tell(rotate(settings_module.load(programme)), describe, json)
