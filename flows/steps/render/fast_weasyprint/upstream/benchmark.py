"""How long WeasyPrint takes to draw a page of charts with labels, such as before and after `svg-text.patch`.

    python benchmark.py

Needs WeasyPrint only. Prints the shortest of ten rounds, in processor seconds, and the size of the file.
"""

import sys
import time

import weasyprint

LABEL = '<text x="10" y="{}" font-size="9">Members who answered: {} of 40</text>'
LABELS = "".join(LABEL.format(12 * row, row) for row in range(40))
CHART = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 500" width="300" height="500">{LABELS}</svg>'


def main() -> None:
    """Draw, measure and print."""
    page = weasyprint.HTML(string=CHART * 10)
    times, size = [], 0
    for _ in range(10):
        begun = time.process_time()
        size = len(page.write_pdf())
        times.append(time.process_time() - begun)
    sys.stdout.write(f"{min(times):.3f} s, {size} bytes\n")


if __name__ == "__main__":
    main()
