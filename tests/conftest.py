"""What all tests share: one thread, real digits, and few of them."""

from collections.abc import Iterator

import pytest
import torch

from aelib import Dataset, Split, load_dataset


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Sums in one order: only so are two processes equal bit for bit. Matrices this small gain nothing from more."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def digits() -> Dataset:
    return load_dataset("digits")


@pytest.fixture(scope="session")
def tiny(digits: Dataset) -> Dataset:
    """192 training and 64 held-out digits: six steps an epoch at batch size 32."""
    train, test = digits.train, digits.test
    return Dataset("tiny", Split(train.x[:192], train.y[:192]), Split(test.x[:64], test.y[:64]), digits.classes)
