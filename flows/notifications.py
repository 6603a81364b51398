"""Tells the steward what goes wrong, by mail and through the addresses in MOTIEFMIX_NOTIFY, each with what to do.

A notification that cannot be sent never stops anything; the caller gets the reason.
"""

from collections.abc import Iterator
from email.utils import make_msgid

from flows.foundation.contracts import RunOutcome
from flows.foundation.exit_codes import ExitCode
from flows.foundation.messages import pluralise, without_addresses
from flows.programme import environment
from flows.programme.settings import Settings
from flows.releases.organisation_channels import over_smtp
from flows.steps.deliver.channels import DeliveryFailed, DeliveryUnknown
from flows.steps.deliver.channels.mail import plain_mail


def after_run(settings: Settings, outcome: RunOutcome) -> tuple[str, ...]:
    """Tell what went wrong in a run, if anything did; return why a notification could not be sent."""
    problems = list(_problems(outcome))
    if not problems:
        return ()
    state = "stopped" if outcome.exit_code and outcome.release is None else "needs attention"
    return send(settings, f"{outcome.period} {state}", "\n".join(problems))


def _problems(outcome: RunOutcome) -> Iterator[str]:
    """What went wrong, and what to do; file names and ids of organisations only."""
    if outcome.exit_code and outcome.exit_code != ExitCode.DELIVERY_INCOMPLETE:
        yield outcome.message
    held = [file.file_name for file in outcome.validated.unread]
    held += [file.file_name for file in outcome.validated.files if file.verdict == "held"]
    if held:
        yield (
            f"{pluralise(len(held), 'file')} held, so none of their answers count: {', '.join(held)}."
            " The quality page says why and what to do; see: motiefmix status"
        )
    if waiting := sum(entry.count for entry in outcome.validated.waiting):
        yield f"{pluralise(waiting, 'answer')} waiting for a decision. See: motiefmix accept"
    wrong = {entry.organisation_id: entry for entry in outcome.delivered if entry.outcome != "already"}
    for name, entry in wrong.items():
        if entry.outcome == "unknown":
            yield (
                f"Whether {name} received its report is not known. Ask them, then: motiefmix deliver {outcome.period}"
                f" --arrived {name} or: motiefmix resend {name} --period {outcome.period} --reason TEXT"
            )
        elif entry.outcome == "failed":
            reason = without_addresses(entry.answer)
            command = f"motiefmix deliver {outcome.period}"
            yield f"The report of {name} was not delivered: {reason}. Fix the register, then: {command}"
        elif entry.outcome == "obstacle":
            yield f"The report of {name} was not sent: {without_addresses(entry.answer)}"


def send(settings: Settings, subject: str, text: str) -> tuple[str, ...]:
    """Send a notification everywhere; return one sentence for each place where that failed."""
    title = f"Motiefmix {settings.name}: {subject}"
    return (*_mail(settings, title, text), *_elsewhere(title, text))


def _mail(settings: Settings, title: str, text: str) -> Iterator[str]:
    if settings.notifications.mail and not settings.delivery.mail_server:
        yield "No notification was mailed: motiefmix.toml has no mail_server in its section [delivery]."
        return
    transport = over_smtp(settings)
    for address in settings.notifications.mail:
        identity = make_msgid(domain="motiefmix.invalid")
        try:
            transport(plain_mail(settings.delivery.sender, address, title, f"{text}\n", settings.now(), identity))
        except (DeliveryFailed, DeliveryUnknown) as problem:
            yield f"A notification was not mailed: {without_addresses(str(problem))}"
        # Whatever a name or an address holds, what is told of a run may not stop it.
        except Exception as problem:  # noqa: BLE001
            yield f"A notification was not mailed ({type(problem).__name__})."


def _elsewhere(title: str, text: str) -> Iterator[str]:
    urls = environment.notification_urls()
    if not urls:
        return
    import apprise

    told = apprise.Apprise()
    for url in urls:
        told.add(url)
    # The addresses may hold secrets, so they are not named.
    if len(told) < len(urls) or not told.notify(title=title, body=text):
        yield "A notification to an address in MOTIEFMIX_NOTIFY could not be sent."
