"""Disclosure control across figures and releases; the rules for a single figure are in sql/.

Only contribution groups are checked: one family of figures of a collective, or of an organisation's pooled small ones.
`disclosure_record` records who contributed to each release (rule 5). The differencing check (rule 10) covers groups
that share people: `clusters` collects the published bounds on them, `sums` and `classes` solve for sets of few
people, and `differencing` decides what compute withholds. The audit in publish attacks the result.
"""
