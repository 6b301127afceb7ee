"""Retrieval: ask in one sense, find in all."""

from xmodal.ui import page
from xmodal.ui.retrieval import answers_view, choice, query_view, why_view

page.header(
    "What goes with this?",
    "Ask with a picture, a sound or words: the network answers in every sense that it knows.",
)
space, summary = choice.space()
filters = choice.narrowed(space, summary)
found = choice.vectors(space, summary)
parts, asked = query_view.parts(space, found)
answers_view.show(space, found, parts, asked, filters)
why_view.show(space, found, parts, asked)
