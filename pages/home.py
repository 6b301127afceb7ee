"""Home: what this is, what is loaded, where to go next."""

from xmodal.ui import cache, demo_view, home_view, page
from xmodal.ui.catalogs import Summary

page.header(
    "What do you want to see and hear?",
    "Pictures, sounds, speech and words of the same scene, side by side, and networks that learn from them.",
)
loaded = cache.loaded()
catalogs = [entry for entry in loaded if isinstance(entry, Summary)]
if catalogs:
    home_view.showcase(catalogs[0])
elif not loaded:
    demo_view.making()
home_view.next_steps(catalogs)
home_view.catalogs(loaded)
home_view.workspace_place()
