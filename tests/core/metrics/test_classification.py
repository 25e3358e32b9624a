"""Classifiers on codes against scikit-learn, and on codes whose labels are known to be readable or not."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from aelib.errors import ConfigError, DataError
from aelib.metrics.classification import knn_accuracy, leave_one_out_knn_accuracy, linear_probe


def noisy_codes(seed, n=60, units=3, classes=(-4, 0, 7)):
    """Codes that tell something about their labels, and labels that are not 0, 1, 2, …"""
    random = torch.Generator().manual_seed(seed)
    which = torch.randint(len(classes), (n,), generator=random)
    codes = torch.randn(n, units, generator=random, dtype=torch.float64)
    codes[:, 0] += which
    return codes, torch.tensor(classes)[which]


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), k=st.integers(1, 60))
def test_knn_accuracy_is_that_of_scikit_learn_ties_of_votes_included(seed, k):
    """With three classes and any k votes are often tied; both give them to the smallest label."""
    (codes, labels), (test_codes, test_labels) = noisy_codes(seed), noisy_codes(seed + 1, n=40)
    oracle = KNeighborsClassifier(k, algorithm="brute").fit(codes.numpy(), labels.numpy())
    expected = oracle.score(test_codes.numpy(), test_labels.numpy())
    assert knn_accuracy(codes, labels, test_codes, test_labels, k) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("k", [1, 2, 5, 29])
def test_leave_one_out_is_that_of_scikit_learn(k):
    codes, labels = noisy_codes(3, n=30)
    oracle = KNeighborsClassifier(k, algorithm="brute")
    expected = cross_val_score(oracle, codes.numpy(), labels.numpy(), cv=LeaveOneOut()).mean()
    assert leave_one_out_knn_accuracy(codes, labels, k) == pytest.approx(expected, abs=1e-12)


def test_tied_votes_go_to_the_smallest_label():
    codes, labels = torch.tensor([[-1.0], [1.0]]), torch.tensor([8, 2])
    for at in (-0.1, 0.1):
        assert knn_accuracy(codes, labels, torch.tensor([[at]]), torch.tensor([2]), k=2) == 1
    assert knn_accuracy(codes, labels, torch.tensor([[-0.1]]), torch.tensor([8]), k=1) == 1


def test_which_of_equally_near_codes_come_first_does_not_change_the_vote():
    """Four neighbours at distance 1 and three votes: each counts ¾, whoever stands first; two of label 1 win."""
    codes = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0], [9.0, 9.0]])
    for labels in ([1, 1, 0, 2, 0], [0, 2, 1, 1, 0], [2, 1, 0, 1, 0]):
        assert knn_accuracy(codes, torch.tensor(labels), torch.zeros(1, 2), torch.tensor([1]), k=3) == 1
    # Thirds add up to 1 and to no more: two for label 0, from copies, are as many as one and two thirds are not.
    copies, labels = torch.zeros(3, 1), torch.tensor([5, 0, 5])
    assert knn_accuracy(copies, labels, torch.zeros(1, 1), torch.tensor([5]), k=2) == 1


def test_separate_clusters_are_read_without_fault_and_the_only_one_of_a_class_never():
    codes = torch.tensor([[0.0], [0.1], [0.2], [9.0], [9.1], [9.2], [4.0]])
    labels = torch.tensor([0, 0, 0, 1, 1, 1, 2])
    assert leave_one_out_knn_accuracy(codes, labels, k=2) == pytest.approx(6 / 7)


def test_linear_probe_of_standardised_codes_is_scikit_learn_s():
    """Standardised by hand, and the probabilities too; units of any scale and a dead one make no difference."""
    (codes, labels), (test_codes, test_labels) = noisy_codes(0), noisy_codes(1, n=40)
    mean, scale = codes.mean(0), codes.std(0, correction=0)
    oracle = LogisticRegression(max_iter=1000).fit(((codes - mean) / scale).numpy(), labels.numpy())
    standardised = ((test_codes - mean) / scale).numpy()
    stretch = torch.tensor([1e3, 1, 1e-3], dtype=torch.float64)

    def with_dead_unit(x):
        return torch.cat([x * stretch, torch.full((len(x), 1), 5.0)], dim=1)

    for change in (lambda x: x, with_dead_unit):
        probe = linear_probe(change(codes), labels, change(test_codes), test_labels)
        assert probe.accuracy == pytest.approx(oracle.score(standardised, test_labels.numpy()), abs=1e-12)
        assert probe.classes.tolist() == [-4, 0, 7]
        # The solver stops at a gradient of 1e-4.
        torch.testing.assert_close(
            probe.probabilities, torch.from_numpy(oracle.predict_proba(standardised)), rtol=0, atol=1e-3
        )


def test_a_line_reads_sides_but_not_rings(random):
    codes = torch.randn(400, 2, generator=random)
    side, ring = (codes[:, 0] > 0).long(), (codes.norm(dim=1) > 1.2).long()
    assert linear_probe(codes[:200], side[:200], codes[200:], side[200:]).accuracy > 0.97
    straight = linear_probe(codes[:200], ring[:200], codes[200:], ring[200:]).accuracy
    assert knn_accuracy(codes[:200], ring[:200], codes[200:], ring[200:]) > straight + 0.2


def test_a_label_that_was_never_seen_is_an_error_not_a_crash():
    codes, labels = torch.tensor([[0.0], [1.0]]), torch.tensor([0, 1])
    for accuracy in (
        knn_accuracy(codes, labels, codes, labels + 1, k=1),
        linear_probe(codes, labels, codes, labels + 1)[0],
    ):
        assert accuracy == 0  # 0 is read as 0 and 1 as 1; the labels say 1 and 2


def test_digits_are_told_apart_by_their_pixels(digits):
    train, test = digits.train, digits.test
    assert knn_accuracy(train.x, train.y, test.x, test.y) > 0.97
    assert linear_probe(train.x, train.y, test.x, test.y).accuracy > 0.95
    shuffled = train.y[torch.randperm(len(train), generator=torch.Generator().manual_seed(0))]
    # Chance is 0.1; its standard deviation over 1,297 digits is 0.008.
    assert leave_one_out_knn_accuracy(train.x, shuffled) == pytest.approx(0.1, abs=0.04)


def test_misuse(complains):
    codes, labels = torch.randn(6, 2, generator=torch.Generator().manual_seed(0)), torch.tensor([0, 0, 0, 1, 1, 1])
    with complains(DataError, "6 codes", "(5,)"):
        leave_one_out_knn_accuracy(codes, labels[:5])
    with complains(DataError, "class indices", "float32"):
        leave_one_out_knn_accuracy(codes, labels.float())
    with complains(DataError, "6 codes", "(5,)"):
        knn_accuracy(codes, labels, codes, labels[:5])
    with complains(DataError, "6 codes", "(6, 1)"):
        linear_probe(codes, labels, codes, labels.unsqueeze(1))
    with complains(DataError, "All 6", "are 3", "two classes"):
        linear_probe(codes, torch.full((6,), 3), codes, labels)
    with complains(DataError, "1 features", "2"):
        linear_probe(codes, labels, codes[:, :1], labels)
    with complains(ConfigError, "1 to 6", "got 7"):
        knn_accuracy(codes, labels, codes, labels, k=7)
    with complains(ConfigError, "1 to 5", "got 6"):
        leave_one_out_knn_accuracy(codes, labels, k=6)
