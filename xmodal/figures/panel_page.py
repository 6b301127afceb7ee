"""Panels as one HTML file that holds its media: it asks nobody for anything and runs no script.

It is light or dark as the reader's system is. Sounds play by the browser's own controls.
"""

import base64
from html import escape

from xmodal.data import encode
from xmodal.figures.modality_colours import MARKERS, SURFACES, TONES
from xmodal.figures.panels import Entry, ShownGallery, ShownPanel
from xmodal.modality import AUDIBLE

POLICY = "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'"
"""What the file may load: what it holds itself."""
JPEG_QUALITY = 85
_STYLE = """
:root { color-scheme: light dark; --card: 132px; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1120px; padding: 24px 16px 48px; background: var(--back); color: var(--ink);
  font: 15px/1.45 "Source Sans 3", "Source Sans Pro", system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 4px; } h2 { font-size: 1.15rem; margin: 0 0 12px; }
h3 { font-size: 0.875rem; font-weight: 600; margin: 0 0 8px; }
p { margin: 4px 0; max-width: 75ch; color: var(--quiet); }
.panel { margin-top: 24px; padding: 16px; border: 1px solid var(--line); border-radius: 8px; background: var(--panel);
  display: flex; flex-wrap: wrap; gap: 16px 24px; break-inside: avoid; }
.panel h2 { flex: 1 0 100%; margin: 0; }
.group { flex: 1 1 calc(2 * var(--card) + 8px); min-width: 0; } .group.query { flex: 0 1 var(--card); }
.row { display: grid; gap: 8px;
  grid-template-columns: repeat(auto-fill, minmax(min(var(--card), calc(50% - 4px)), 1fr)); }
.query .row { grid-template-columns: minmax(0, 180px); }
figure { margin: 0; max-width: 180px; min-width: 0; overflow: hidden; border: 1px solid var(--line);
  border-left: 4px solid var(--tone); border-radius: 8px; background: var(--back); }
figure img { display: block; width: 100%; aspect-ratio: 1; object-fit: cover; }
figure.heard img { aspect-ratio: 2; object-fit: fill; }
audio { display: block; width: 100%; height: 32px; }
blockquote { margin: 0; padding: 8px 10px; font-size: 0.875rem; overflow-wrap: anywhere; }
figcaption { padding: 3px 10px 5px; font-size: 0.8125rem; color: var(--quiet); font-variant-numeric: tabular-nums; }
.own { color: var(--ink); font-weight: 600; }
"""


def html(gallery: ShownGallery) -> str:
    """The file; all texts in it are plain, whatever they hold."""
    notes = "".join(f"<p>{escape(note)}</p>" for note in gallery.notes)
    panels = "\n".join(_panel(panel) for panel in gallery.panels)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(gallery.title)}</title><style>{_colours()}{_STYLE}</style></head>\n"
        f"<body><h1>{escape(gallery.title)}</h1>{notes}\n{panels}\n</body></html>\n"
    )


def _panel(panel: ShownPanel) -> str:
    queries = _group("Query", "query", panel.queries)
    groups = "".join(
        _group(f'<span style="color:var(--{sense}-text)">{MARKERS[sense]}</span> {sense.display}', "", entries)
        for sense, entries in panel.answers.items()
    )
    return f'<section class="panel"><h2>{escape(panel.name)}</h2>{queries}{groups}</section>'


def _group(title: str, kind: str, entries: tuple[Entry, ...]) -> str:
    return f'<div class="group {kind}"><h3>{title}</h3><div class="row">{"".join(map(_entry, entries))}</div></div>'


def _entry(entry: Entry) -> str:
    parts = []
    if entry.text:
        parts.append(f"<blockquote>{escape(entry.text)}</blockquote>")
    if entry.picture is not None:
        source = _inside(encode.jpeg(entry.picture, quality=JPEG_QUALITY), "image/jpeg")
        parts.append(f'<img src="{source}" alt="{escape(f"{entry.sense.display}: {entry.caption}")}">')
    if entry.sound is not None:
        label = escape(f"{entry.sense.display}: {entry.caption}")
        parts.append(f'<audio controls preload="none" aria-label="{label}" src="{_sound(entry)}"></audio>')
    own = ' class="own"' if entry.own else ""
    parts.append(f"<figcaption><span{own}>{escape(entry.title)}</span></figcaption>")
    heard = ' class="heard"' if entry.sense in AUDIBLE else ""
    return f'<figure{heard} style="--tone:var(--{entry.sense})">{"".join(parts)}</figure>'


def _sound(entry: Entry) -> str:
    assert entry.sound is not None
    return _inside(encode.mp3(entry.sound), "audio/mpeg")


def _inside(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _colours() -> str:
    """CSS variables of both themes."""
    ink = {"light": ("#1D1F23", "#5A5E66", "#D5D5D0"), "dark": ("#E6E6E3", "#A3A7AE", "#363A42")}
    blocks = {}
    for theme, tones in TONES.items():
        back, panel = SURFACES[theme]
        strong, quiet, line = ink[theme]
        own = f"--back:{back};--panel:{panel};--ink:{strong};--quiet:{quiet};--line:{line};"
        blocks[theme] = own + "".join(
            f"--{each}:{tone.mark};--{each}-text:{tone.text};" for each, tone in tones.items()
        )
    return f":root{{{blocks['light']}}}@media (prefers-color-scheme: dark){{:root{{{blocks['dark']}}}}}"
