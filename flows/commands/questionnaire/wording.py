"""The texts around the questions: the purpose of the survey, and how answers are and are not used."""

from dataclasses import dataclass

from flows.programme.policy import Policy
from flows.steps.render.language import language


@dataclass(frozen=True)
class Words:
    """The texts of a form that are not in the instrument."""

    introduction: tuple[str, ...]
    consent: str
    consent_yes: str
    consent_no: str
    collective: str
    prompt: str
    thanks: str


def words(code: str, policy: Policy, contact: str) -> Words:
    """The texts in one language, with the programme's thresholds."""
    _ = language(code).translations.gettext
    introduction = (
        _(
            "People take part in a group like yours for many reasons, often for more than one. With your answers the"
            " organisation that you work with learns what matters to you, so that it can support you better."
        ),
        _(
            "Answering is your own choice, and you may stop at any moment. There are no right or wrong answers. If a"
            " statement does not fit you, choose the last answer."
        ),
        _(
            "Only the programme office keeps your answers; nobody in your group or your organisation sees them. Reports"
            " are about groups: of fewer than"
            " %(levels_from)s answers nothing is shown, of fewer than %(full_from)s only rounded figures, of fewer than"
            " %(distributions_from)s no numbers of people."
        )
        % {
            "levels_from": policy.levels_from,
            "full_from": policy.full_from,
            "distributions_from": policy.distributions_from,
        },
        *(
            (_("Questions, or do you want your answers removed? %(contact)s") % {"contact": contact},)
            if contact
            else ()
        ),
    )
    return Words(
        introduction=introduction,
        consent=_("May we use your answers for these reports?"),
        consent_yes=_("Yes"),
        consent_no=_("No, do not use my answers"),
        collective=_("Which group do you belong to?"),
        prompt=_("How much does this fit you?"),
        thanks=_("Thank you! The report will be discussed in your group."),
    )
