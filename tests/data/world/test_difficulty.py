"""The world is neither trivial (colour alone does not name the scene) nor hopeless (a small network does).

4,000 training and 1,000 test pictures of the default world, seed 11, rendered once at 64 px: three minutes, so nightly;
nothing but a change of the world can change it.
"""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest
import torch
from jaxtyping import Float, Int, UInt8
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from torch import nn

from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.compose import compose
from xmodal.data.world.image import render_image
from xmodal.data.world.spec import WorldSpec

SPEC = WorldSpec(seed=11)
SIZE_PX = 64
TRAIN, TEST = 4000, 1000
EPOCHS = 7

pytestmark = [pytest.mark.xdist_group("difficulty"), pytest.mark.nightly]


def picture(index: int) -> UInt8[np.ndarray, "rows cols 3"]:
    return render_image(compose(SPEC, index), SPEC, size_px=SIZE_PX)


@pytest.fixture(scope="session")
def pictures() -> Iterator[UInt8[np.ndarray, "items rows cols 3"]]:
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn")) as pool:
        yield np.stack(list(pool.map(picture, range(TRAIN + TEST), chunksize=100)))


@pytest.fixture(scope="session")
def labels() -> Int[np.ndarray, "items"]:
    names = tuple(CATEGORIES)
    return np.array([names.index(compose(SPEC, index).category) for index in range(TRAIN + TEST)])


def histogram(pixels: UInt8[np.ndarray, "rows cols 3"]) -> Float[np.ndarray, "bins"]:
    """8 x 8 x 8 RGB histogram, shares of the picture."""
    cells = (pixels // 32).reshape(-1, 3).astype(np.int64) @ np.array([64, 8, 1])
    return np.bincount(cells, minlength=512) / len(cells)


def test_colour_alone_names_under_half_of_the_scenes(pictures, labels) -> None:
    features = np.stack([np.sqrt(histogram(pixels)) for pixels in pictures])
    model = GridSearchCV(LogisticRegression(max_iter=1000), {"C": [5.0, 50.0]}, cv=3)
    model.fit(features[:TRAIN], labels[:TRAIN])
    accuracy = float((model.predict(features[TRAIN:]) == labels[TRAIN:]).mean())
    print(f"colour histograms: {accuracy:.3f} (chance {1 / len(CATEGORIES):.3f}, n = {TEST})")
    assert 1.5 / len(CATEGORIES) < accuracy < 0.50


def network(generator: torch.Generator) -> nn.Module:
    """A small CNN of 0.45 million parameters."""
    layers: list[nn.Module] = []
    width = 3
    for out, stride in ((32, 2), (48, 2), (96, 1), (128, 2), (192, 1)):
        convolution = nn.Conv2d(width, out, 3, stride, 1, bias=False)
        nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu", generator=generator)
        layers += [convolution, nn.BatchNorm2d(out), nn.ReLU(inplace=True)]
        width = out
    head = nn.Linear(width, len(CATEGORIES))
    nn.init.normal_(head.weight, std=0.01, generator=generator)
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head)


def batches(count: int, generator: torch.Generator) -> Iterator[torch.Tensor]:
    yield from torch.randperm(count, generator=generator).split(64)


def test_a_small_network_names_nine_of_ten_scenes(pictures, labels) -> None:
    generator = torch.Generator().manual_seed(0)
    model = network(generator)
    images = torch.from_numpy(pictures).permute(0, 3, 1, 2).float().div(127.5).sub(1.0)
    wanted = torch.from_numpy(labels)
    steps = EPOCHS * -(-TRAIN // 64)
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps, pct_start=0.2)
    model.train()
    for _ in range(EPOCHS):
        for rows in batches(TRAIN, generator):
            inputs = augment(images[rows], generator)
            loss = nn.functional.cross_entropy(model(inputs), wanted[rows], label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    model.eval()
    with torch.inference_mode():
        found = torch.cat([model(part).argmax(1) for part in images[TRAIN:].split(250)])
    accuracy = float((found == wanted[TRAIN:]).float().mean())
    print(f"small network: {accuracy:.3f} (chance {1 / len(CATEGORIES):.3f}, n = {TEST})")
    assert accuracy > 0.90


def augment(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Mirror, shift by up to 4 px, change brightness and contrast."""
    if torch.rand((), generator=generator) < 0.5:
        images = images.flip(3)
    padded = nn.functional.pad(images, (4, 4, 4, 4), mode="reflect")
    row, col = torch.randint(0, 9, (2,), generator=generator).tolist()
    cut = padded[:, :, row : row + SIZE_PX, col : col + SIZE_PX]
    gain = 1 + 0.3 * (torch.rand((len(cut), 1, 1, 1), generator=generator) - 0.5)
    return (cut * gain + 0.2 * (torch.rand((len(cut), 3, 1, 1), generator=generator) - 0.5)).contiguous(
        memory_format=torch.channels_last
    )
