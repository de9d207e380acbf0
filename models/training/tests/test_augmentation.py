"""Augmentation changes the writing, not the meaning."""

import random

from koe_training.augmentation import augment

TEXT = "配送は遅くなかったですが、画面がとても見にくいので困っています。"


def test_half_of_the_texts_change_and_the_seed_decides() -> None:
    variants = [augment(TEXT, 1, random.Random(seed)) for seed in range(400)]
    assert variants == [augment(TEXT, 1, random.Random(seed)) for seed in range(400)]
    assert 100 < sum(variant != TEXT for variant in variants) < 250


def test_negations_stay() -> None:
    assert all("な" in augment(TEXT, 1, random.Random(seed)) for seed in range(400))


def test_no_smile_is_added_to_a_complaint() -> None:
    assert not any("😊" in augment(TEXT, 1, random.Random(seed)) for seed in range(400))
