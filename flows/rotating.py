"""`motiefmix rotate-key`: all pseudonyms under a new key, while the kept exports last."""

import secrets
from dataclasses import dataclass

from flows import settings as settings_module
from flows.programme import load_programme
from flows.settings import Settings
from flows.steps import lock
from flows.steps.forgetting import rotation
from flows.steps.mistakes import Mistake
from flows.steps.plain_text import counted
from flows.steps.pseudonyms import PseudonymKeys


@dataclass(frozen=True)
class Rotated:
    """How many answers have new pseudonyms, and where the new key lies (empty: in the environment)."""

    answers: int
    key_file: str


def rotate(settings: Settings) -> Rotated:
    """Read every kept export again under a new key, and translate what releases stood on and what was decided.

    The key in use stays behind as a retired one: only by it those who were erased are still kept out.

    Raises:
        Mistake: a kept export cannot be read again, or the key comes from the environment and the new one does not.
    """
    places = settings.places
    places.make_private()
    with lock.held(places):
        keys = settings.pseudonym_keys()
        new = settings_module.new_key()
        if settings_module.has_key_in_environment() and not new:
            raise Mistake(
                f"The key comes from the environment, so the new one must too: set {settings_module.NEW_KEY_VARIABLE}"
                " to at least 32 random characters, and run this again."
            )
        following = PseudonymKeys((new or secrets.token_hex(32)).encode(), keys.every)
        key_file = None if settings_module.has_key_in_environment() else settings.key_file
        answers = rotation.prepare(places, load_programme(settings).sources, following, key_file)
        rotation.finish(places)
    return Rotated(answers, str(key_file or ""))


def describe(rotated: Rotated) -> str:
    """What was done, and what is left to do."""
    done = f"{counted(rotated.answers, 'answer')} under new pseudonyms; members pair with earlier months as before."
    if rotated.key_file:
        return f"{done}\nThe new key, and the retired one below it: {rotated.key_file}"
    return (
        f"{done}\nNow set {settings_module.KEY_VARIABLE} to the new key, a space, and the former one, and unset"
        f" {settings_module.NEW_KEY_VARIABLE}."
    )
