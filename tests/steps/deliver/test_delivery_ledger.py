"""The delivery ledger is asked by report: each sees its own deliveries only, however many there are."""

from flows.steps.deliver.delivery_ledger import Deliveries, DeliveryKey, Entry, has_others_since


def _entry(period, organisation, version=1, sha256="a", began_at="2026-11-02T09:00:00+01:00"):
    return Entry(
        period=period, organisation_id=organisation, channel="folder", recipient="r", sha256=sha256, version=version,
        state="delivered", began_at=began_at,
    )  # fmt: skip


def test_a_report_sees_the_deliveries_of_its_month_and_organisation_in_their_order():
    mine = [_entry("2026-10", "town", version) for version in (1, 3, 2)]
    others = [_entry("2026-09", "town"), _entry("2026-10", "city")]
    deliveries = Deliveries([mine[0], *others, *mine[1:]])
    assert list(deliveries.of("2026-10", "town")) == mine
    assert list(deliveries.of("2026-10", "city")) == [others[1]]
    assert list(deliveries.of("2026-08", "town")) == []


def test_what_others_received_since_replaces_nothing():
    key = DeliveryKey(period="2026-10", organisation_id="town", channel="folder", recipient="r", sha256="a")
    since = [_entry("2026-10", "city", 2, "b"), _entry("2026-09", "town", 2, "b")]
    assert not has_others_since(Deliveries(since), key, sent=1, version=3)
    assert has_others_since(Deliveries([*since, _entry("2026-10", "town", 2, "b")]), key, sent=1, version=3)
