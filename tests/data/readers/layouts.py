"""One folder for each reader: a copy of a real excerpt, or the published layout in small. `LAYOUTS` is the table."""

import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from PIL import Image

Build = Callable[[Path, Path], None]
"""(folder of the real excerpts, empty folder to fill)"""

SCENES = ("abbey", "beach", "kitchen")


def excerpt(name: str) -> Build:
    """A copy of an excerpt."""

    def build(realdata: Path, root: Path) -> None:
        shutil.copytree(realdata / name, root, copy_function=shutil.copyfile, dirs_exist_ok=True)

    return build


def photo(path: Path, shade: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40, 30), (90, 20 * shade % 256, 120)).save(path)


def recording(path: Path, seconds: float = 1.0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    tone = 0.3 * np.sin(2 * np.pi * 440 / 8000 * np.arange(round(8000 * seconds)))
    soundfile.write(path, tone, 8000)


def write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))


def places_audio(_: Path, root: Path) -> None:
    rows = []
    for number in range(8):
        image, wav = f"a/art_studio/gsun_{number:032x}.jpg", f"wavs/{number}/utterance_{number}.wav"
        photo(root / "images" / image, number)
        recording(root / wav)
        uttid, speaker = f"A{number}WORKER-GSUN_{number:032X}", f"A{number}WORKER"
        rows.append({"wav": wav, "image": image, "uttid": uttid, "speaker": speaker, "asr_text": "a room"})
    write(root / "metadata" / "train.json", {"image_base_path": "", "audio_base_path": "", "data": rows[:6]})
    write(root / "metadata" / "val.json", {"image_base_path": "", "audio_base_path": "", "data": rows[6:]})


def visual_genome(_: Path, root: Path) -> None:
    photos = []
    for number in range(1, 41):
        photo(root / ("VG_100K" if number % 2 else "VG_100K_2") / f"{number}.jpg", number)
        phrases = ("the clock is green", "a man on a bench")
        regions = [{"region_id": 10 * number + n, "phrase": phrase} for n, phrase in enumerate(phrases)]
        photos.append({"id": number, "regions": regions})
    write(root / "region_descriptions.json", photos)
    write(root / "image_data.json", [{"image_id": entry["id"], "coco_id": None} for entry in photos])


def ade20k_captions(realdata: Path, root: Path) -> None:
    stem = "urban/street/ADE_train_00016964"
    source = realdata / "ade20k/ADE20K_2021_17_01/images/ADE/training" / stem
    rows = []
    for split, name in (("training", stem), ("validation", "urban/street/ADE_val_00000007")):
        for kind, suffix in (("frames", ".jpg"), ("annotations", "_seg.png"), ("annotations", ".json")):
            target = root / kind / split / f"{name}{suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(f"{source}{suffix}", target)
        recording(root / "audio" / split / "caption.wav")
        caption = {"words": ["a", "street"], "start": [0.1, 0.3], "end": [0.3, 0.8]}
        seg, audio = f"{split}/{name}_seg.png", f"{split}/caption.wav"
        rows.append({"image": f"{split}/{name}.jpg", "seg": seg, "audio": audio, "caption": caption})
    write(root / "metadata_with_caption_dedup.json", rows)


def folder_table(_: Path, root: Path) -> None:
    lines = ["file_image,wav,speaker,caption,label"]
    for number in range(40):
        photo(root / "pictures" / f"{number}.png", number)
        recording(root / "voices" / f"{number}.wav")
        speaker, label = f"s{number % 12}", SCENES[number % 3]
        lines.append(f"pictures/{number}.png,voices/{number}.wav,{speaker},a picture of something,{label}")
    write(root / "items.csv", "\n".join(lines))


def described_videos(realdata: Path, root: Path) -> None:
    (root / "videos").mkdir()
    for number, part in enumerate(("train", "train", "test", "test")):
        target = root / "videos" / f"{4511000000 + number}.mp4"
        shutil.copyfile(realdata / "videos/vas/videos/dog/video_02677.mp4", target)
        table = root / f"{part}.csv"
        before = table.read_text() if table.exists() else "video,category,description\n"
        table.write_text(f"{before}{target.name},{'dog' if number % 2 else 'yard'},a dog barks\n")


def audioset(_: Path, root: Path) -> None:
    head = "# Segments csv\n# num_ytids=2\n# YTID, start_seconds, end_seconds, positive_labels\n"
    write(root / "eval_segments.csv", head + '-0RWZT-miFs, 30.000, 40.000, "/m/0bt9lr"\n')
    write(root / "balanced_train_segments.csv", head + '3jTYdj4sZlk, 12.000, 22.000, "/m/06mb1"\n')
    write(root / "class_labels_indices.csv", "index,mid,display_name\n0,/m/0bt9lr,Dog\n1,/m/06mb1,Rain\n")
    for name in ("-0RWZT-miFs_30", "3jTYdj4sZlk_12"):
        recording(root / "audio" / f"{name}.wav", 10)


def voc2007(_: Path, root: Path) -> None:
    base = root / "VOCdevkit" / "VOC2007"
    box = "<bndbox><xmin>5</xmin><ymin>5</ymin><xmax>30</xmax><ymax>25</ymax></bndbox>"
    thing = f"<object><name>dog</name><truncated>0</truncated><difficult>0</difficult>{box}</object>"
    plane = np.zeros((30, 40), np.uint8)
    plane[5:25, 5:30] = 12
    for number, part in enumerate(("train", "val", "test", "test"), start=1):
        name = f"{number:06d}"
        photo(base / "JPEGImages" / f"{name}.jpg", number)
        size = "<size><width>40</width><height>30</height><depth>3</depth></size>"
        write(
            base / "Annotations" / f"{name}.xml",
            f"<annotation><filename>{name}.jpg</filename>{size}{thing}</annotation>",
        )
        table = base / "ImageSets" / "Main" / f"{part}.txt"
        write(table, (table.read_text() if table.exists() else "") + f"{name}\n")
    (base / "SegmentationClass").mkdir()
    picture = Image.fromarray(plane, "P")
    picture.putpalette(list(range(256)) * 3)
    picture.save(base / "SegmentationClass" / "000001.png")


def sun397(_: Path, root: Path) -> None:
    photos = [f"/{scene[0]}/{scene}/sun_{n:04d}.jpg" for scene in SCENES for n in range(4)]
    for number, name in enumerate(photos):
        photo(root / "SUN397" / name.lstrip("/"), number)
    write(root / "Partitions" / "ClassName.txt", "\n".join(f"/{scene[0]}/{scene}" for scene in SCENES))
    write(root / "Partitions" / "Training_01.txt", "\n".join(photos[::2]))
    write(root / "Partitions" / "Testing_01.txt", "\n".join(photos[1::2]))


def cmplaces(_: Path, root: Path) -> None:
    for modality in ("image", "sketch", "clip_art", "spatial_text"):
        for split, scene in (("train", "abbey"), ("val", "beach")):
            photo(root / modality / split / scene / f"{modality}_1.png")
    write(root / "text" / "train" / "abbey" / "t1.txt", "Monks once lived here.\n")
    write(root / "labels.txt", "abbey 0\nbeach 1\n")


def spoken_digits(realdata: Path, root: Path) -> None:
    for name in ("fsdd", "mnist"):
        shutil.copytree(realdata / name, root / name, copy_function=shutil.copyfile)


def shards(_realdata: Path, root: Path) -> None:
    for number, shard in enumerate(("train-000", "val-000", "test-000")):
        files = root / "unpacked" / shard
        for item in range(3):
            photo(files / f"{number}{item}.jpg", item)
            recording(files / f"{number}{item}.flac", 0.5)
            write(files / f"{number}{item}.json", {"caption": f"item {item}", "label": SCENES[item]})
        with tarfile.open(root / f"{shard}.tar", "w") as tar:
            for path in sorted(files.iterdir()):
                tar.add(path, path.name)
    shutil.rmtree(root / "unpacked")


LAYOUTS: dict[str, Build] = {
    "shards": shards,
    "spoken_digits": spoken_digits,
    "described_videos": described_videos,
    "flickr8k": excerpt("flickr8k"),
    "audioset": audioset,
    "places_audio": places_audio,
    "coco": excerpt("coco"),
    "visual_genome": visual_genome,
    "ade20k_captions": ade20k_captions,
    "ade20k": excerpt("ade20k"),
    "sceneparsing": excerpt("sceneparsing"),
    "esc50": excerpt("esc50_layout"),
    "video_folder": excerpt("videos"),
    "domain_folders": excerpt("pacs"),
    "voc2007": voc2007,
    "sun397": sun397,
    "cmplaces": cmplaces,
    "folder_table": folder_table,
    "class_folders": excerpt("scenes15"),
}
