"""A mail is handed over once: what was refused is told, what may be tried again is, what nobody knows is not."""

from email.message import EmailMessage

import pytest

from flows.steps.deliver import smtp
from flows.steps.deliver.channels import DeliveryFailed, DeliveryUnknown
from tests import mail_server


def _mail(text: str = "Beste lezer,\n.\n..einde\n") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "office@example.org", "someone@example.org", "Rapport"
    message.set_content(text)
    return message


def _send(
    server: mail_server.MailServer, message: EmailMessage | None = None, timeout: float = 600
) -> tuple[str, list]:
    waited: list[float] = []
    address = smtp.MailServer(host=server.host, port=server.port, security="none", timeout=timeout)
    return smtp.Sender(address, waited.append).send(message or _mail()), waited


def test_a_mail_arrives_as_it_was_written():
    with mail_server.running() as server:
        answer, waited = _send(server)
    assert answer == "250 taken"
    assert waited == []
    assert server.recipients == ["someone@example.org"]
    assert server.mails[0].get_content().replace("\r\n", "\n") == "Beste lezer,\n.\n..einde\n"


@pytest.mark.parametrize("trouble", ["451 4.7.1 greylisted", "drop-inside"])
def test_a_refusal_for_now_or_a_broken_connection_is_tried_again(trouble):
    with mail_server.running(answers=[trouble, trouble]) as server:
        message = _mail("line\n" * 400_000) if trouble == "drop-inside" else _mail()
        answer, waited = _send(server, message)
    assert answer == "250 taken"
    assert waited == [5.0, 30.0]
    assert len(server.mails) == 1


def test_a_server_that_refuses_for_now_each_time_is_given_up():
    with mail_server.running(answers=["451 later"] * 4) as server, pytest.raises(DeliveryFailed, match="451 later"):
        _send(server)
    assert server.mails == []


def test_a_refusal_for_good_is_told_with_the_reply_and_not_tried_again():
    refusing = mail_server.running(refused_recipients=["someone@example.org"])
    with refusing as server, pytest.raises(DeliveryFailed, match="550 5.1.1 no such mailbox"):
        _send(server)
    with mail_server.running(answers=["554 spam", "250 not asked"]) as server:
        with pytest.raises(DeliveryFailed, match="554 spam"):
            _send(server)
        assert server.answers == ["250 not asked"]


@pytest.mark.parametrize("trouble", ["drop", "taken"])
def test_without_an_answer_after_the_whole_mail_nobody_knows(trouble):
    with mail_server.running(answers=[trouble]) as server, pytest.raises(DeliveryUnknown, match="did not answer"):
        _send(server)


@pytest.mark.parametrize("answer", ["253 queued", "200 fine", "299"])
def test_any_yes_after_the_whole_mail_is_one(answer):
    with mail_server.running(answers=[answer]) as server:
        assert _send(server)[0].startswith(answer[:3])
    assert server.answers == []


@pytest.mark.parametrize("answer", ["OK queued", "354 go on", "999 ?"])
def test_an_answer_after_the_whole_mail_that_says_neither_yes_nor_no_is_never_asked_for_again(answer):
    with mail_server.running(answers=[answer, "250 a second mail"]) as server:
        with pytest.raises(DeliveryUnknown, match="neither yes nor no"):
            _send(server)
        assert server.answers == ["250 a second mail"]


def test_what_cannot_be_told_to_a_server_is_refused_before_anything_is_sent():
    message = _mail()
    message.replace_header("To", "info@müller.example")
    with mail_server.running() as server, pytest.raises(DeliveryFailed, match="letters that are not plain"):
        _send(server, message)
    assert server.mails == []


def test_a_server_that_stalls_after_the_mail_is_unknown():
    with mail_server.running(answers=["stall"]) as server, pytest.raises(DeliveryUnknown):
        _send(server, timeout=1)


def test_nobody_listens():
    address = smtp.MailServer(host="127.0.0.1", port=1, security="none")
    with pytest.raises(DeliveryFailed, match="cannot be reached"):
        smtp.Sender(address, lambda seconds: None).send(_mail())


def test_a_server_without_starttls_gets_no_mail():
    with mail_server.running() as server, pytest.raises(DeliveryFailed, match="does not offer STARTTLS"):
        smtp.Sender(smtp.MailServer(host=server.host, port=server.port), lambda seconds: None).send(_mail())
    assert server.mails == []


def test_a_server_that_is_down_is_waited_for_once_and_not_for_every_mail():
    waited: list[float] = []
    sender = smtp.Sender(smtp.MailServer(host="127.0.0.1", port=1, security="none"), waited.append)
    for _ in range(3):
        with pytest.raises(DeliveryFailed, match="cannot be reached"):
            sender.send(_mail())
    assert waited == [5.0, 30.0, 120.0]


def test_a_refusal_for_now_of_one_mail_takes_no_time_from_the_next():
    waited: list[float] = []
    with mail_server.running(answers=["451 later"] * 4 + ["451 later"]) as server:
        sender = smtp.Sender(smtp.MailServer(host=server.host, port=server.port, security="none"), waited.append)
        with pytest.raises(DeliveryFailed, match="451 later"):
            sender.send(_mail())
        assert sender.send(_mail()) == "250 taken"
    assert waited == [5.0, 30.0, 120.0, 5.0]
