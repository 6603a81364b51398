"""What somebody would write first instead of Motiefmix, to measure beside it: pandas, R, and pages in Typst.

They leave out what Motiefmix exists for: held and double responses, disclosure control, similar collectives, months.
"""
