"""Disclosure control over several figures and all releases at once; what a figure may tell by itself is in sql/.

`ledger` keeps what each release stood on (rule 5), `complementary` is rule 6, `gate` rule 10, `evidence` who is counted
where; `withheld_sets` brings them together for compute, and the audit of publish attacks what they let through.
"""
