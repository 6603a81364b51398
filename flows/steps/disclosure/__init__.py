"""Disclosure control over several figures and all releases at once; what a figure may tell by itself is in sql/.

Only base cells tell of people: one family of figures of a collective, or of an organisation's small ones together.
`ledger` keeps what each release stood on (rule 5). The differencing check (rule 10) looks at groups that share people:
`clusters` puts together what is told of them, `sums` and `classes` solve what follows for few people, `differencing`
withholds that for compute. The audit of publish attacks what was let through.
"""
