import torch

from tests.training.tiny import ToyPairs, network
from xmodal.embeddings.pair_maps import pair_maps


def test_maps_do_not_depend_on_how_pairs_are_batched() -> None:
    model = network()
    whole, parts = (pair_maps(model, ToyPairs(9), batch=size) for size in (9, 4))
    assert whole.images.shape[:2] == (9, 8)
    assert torch.equal(whole.lengths, parts.lengths)
    torch.testing.assert_close(whole.images, parts.images)
    torch.testing.assert_close(whole.captions, parts.captions)


def test_padding_is_zero_and_own_frames_are_not() -> None:
    maps = pair_maps(network(), ToyPairs(4), batch=1)
    assert maps.lengths.tolist() == [3, 2, 3, 2]
    for caption, length in zip(maps.captions, maps.lengths.tolist(), strict=True):
        assert (caption[:, length:] == 0).all()
        assert caption[:, :length].norm(dim=0).min() > 0.9


def test_the_network_is_left_as_it_was() -> None:
    model = network().train()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    maps = pair_maps(model, ToyPairs(4))
    assert model.training
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert not maps.images.is_inference()
    assert not maps.captions.requires_grad
