"""The table of readers and the detection of a folder's layout."""

from pathlib import Path

from xmodal.data.readers import Reader
from xmodal.data.readers.ade20k import Ade20k
from xmodal.data.readers.ade20k_captions import Ade20kCaptions
from xmodal.data.readers.audioset import AudioSet
from xmodal.data.readers.class_folders import ClassFolders
from xmodal.data.readers.cmplaces import CmPlaces
from xmodal.data.readers.coco import Coco
from xmodal.data.readers.described_videos import DescribedVideos
from xmodal.data.readers.domain_folders import DomainFolders
from xmodal.data.readers.esc50 import Esc50
from xmodal.data.readers.flickr8k import Flickr8k
from xmodal.data.readers.folder_table import FolderTable
from xmodal.data.readers.places_audio import PlacesAudio
from xmodal.data.readers.sceneparsing import SceneParsing
from xmodal.data.readers.shards import Shards
from xmodal.data.readers.spoken_digits import SpokenDigits
from xmodal.data.readers.sun397 import Sun397
from xmodal.data.readers.video_folder import VideoFolder
from xmodal.data.readers.visual_genome import VisualGenome
from xmodal.data.readers.voc2007 import Voc2007

READERS: dict[str, Reader] = {
    "shards": Shards(),
    "spoken_digits": SpokenDigits(),
    "described_videos": DescribedVideos(),
    "flickr8k": Flickr8k(),
    "audioset": AudioSet(),
    "places_audio": PlacesAudio(),
    "coco": Coco(),
    "visual_genome": VisualGenome(),
    "ade20k_captions": Ade20kCaptions(),
    "ade20k": Ade20k(),
    "sceneparsing": SceneParsing(),
    "esc50": Esc50(),
    "video_folder": VideoFolder(),
    "domain_folders": DomainFolders(),
    "voc2007": Voc2007(),
    "sun397": Sun397(),
    "cmplaces": CmPlaces(),
    "folder_table": FolderTable(),
    "class_folders": ClassFolders(),
}
"""Every layout, most specific first: detection takes the first that recognises a folder."""


def detect(root: Path) -> str | None:
    """The name of the reader whose layout the folder has, None if it has no known one."""
    if not root.is_dir():
        return None
    return next((name for name, reader in READERS.items() if reader.recognises(root)), None)


def described() -> str:
    """Every layout with its files and options, as the Markdown table of docs/DATA.md."""
    lines = ["| format | what | recognised by | options |", "|---|---|---|---|"]
    for name, reader in READERS.items():
        options = "; ".join(f"`{option}`: {meaning}" for option, meaning in reader.options.items())
        layout = reader.layout.replace("|", "/").replace("<", "‹").replace(">", "›")
        lines.append(f"| `{name}` | {reader.title} | {layout} | {options.replace('|', '/')} |")
    return "\n".join(lines)
