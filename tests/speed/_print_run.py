"""Print offers of two pages in a fresh process, and print their milliseconds: a run of its own."""

from time import perf_counter

from nachhaken.project.starting import start_django

start_django()

from nachhaken.desk.printing import offer_pdf  # noqa: E402 - the settings come first
from tests.papers import BRANDT, STEPS, offer  # noqa: E402 - the settings come first

ROUNDS = 20
TWO_PAGES = 30  # positions

for number in range(ROUNDS):
    paper = offer(STEPS[:TWO_PAGES], number=f"AN-{number}")  # each another one: nothing is known
    start = perf_counter()
    offer_pdf(paper, BRANDT)
    print(1000 * (perf_counter() - start))
