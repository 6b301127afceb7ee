import contextlib
from pathlib import Path

import pytest
import torch

from tests.training.tiny import CPU
from xmodal.errors import InputError
from xmodal.models.matchmap_sizes import COMPACT, PAPER_SIZE
from xmodal.models.matchmaps import MatchmapModel
from xmodal.training.precision import Place, Precision, choose, has_fast_bfloat16, layout

CPUINFO = Path("/proc/cpuinfo")


@pytest.mark.parametrize("device", ["abacus", "mps", "meta", "cuda:99", "cpu:x"])
def test_a_device_that_is_not_there(device: str) -> None:
    with pytest.raises(InputError, match=device):
        choose(device)


def test_bfloat16_is_chosen_only_where_the_processor_multiplies_it() -> None:
    """Emulated, it is many times slower than float32."""
    fast = has_fast_bfloat16(torch.device("cpu"))
    if CPUINFO.is_file():
        words = set(CPUINFO.read_text().split())
        assert fast == bool(words & {"avx512_bf16", "amx_bf16", "bf16"})
    assert choose("cpu").bfloat16 is fast
    assert choose("cpu", Precision.FLOAT32).bfloat16 is False
    assert choose("cpu", Precision.BFLOAT16).bfloat16 is True


def test_auto_takes_the_gpu_where_there_is_one() -> None:
    assert choose().device.type == ("cuda" if torch.cuda.is_available() else "cpu")


def test_a_place_describes_itself_and_lays_out_networks() -> None:
    threads = torch.get_num_threads()
    assert CPU.describe() == f"cpu ({threads} thread{'s' if threads > 1 else ''}), float32"
    half = Place(torch.device("cpu"), bfloat16=True)
    assert half.describe().endswith(", bfloat16")
    assert half.describe(processes=2).endswith(", bfloat16, 2 processes")
    for place in (CPU, half):
        assert place.put(torch.nn.Conv2d(3, 4, 3)).weight.is_contiguous(memory_format=torch.channels_last)
    layer = half.put(torch.nn.Conv2d(3, 4, 3))
    with half.autocast():
        assert layer(torch.zeros(1, 3, 8, 8)).dtype == torch.bfloat16
    assert isinstance(CPU.autocast(), contextlib.nullcontext)


def test_channels_are_last_where_that_is_safe() -> None:
    """oneDNN writes outside its memory for a strided 1x1 convolution of few channels (its issue 6035)."""
    for network in (COMPACT["resnet_res_davenet"], PAPER_SIZE["vgg_davenet"]):
        with torch.device("meta"):
            assert layout(MatchmapModel(network)) is torch.channels_last
    narrow = torch.nn.Conv2d(15, 32, 1, stride=2)
    assert layout(torch.nn.Sequential(narrow)) is torch.contiguous_format
    for safe in (
        torch.nn.Conv2d(15, 32, 1),
        torch.nn.Conv2d(15, 32, 3, stride=2),
        torch.nn.Conv2d(16, 32, 1, stride=2),
    ):
        assert layout(safe) is torch.channels_last
