"""Connecting to a Ray cluster: what is said where that cannot be."""

from __future__ import annotations

import socket
import sys

import pytest

from index.cluster import Cluster, last_line
from index.errors import ClusterError
from tests.index.fake_ray import install_fake


def test_cluster_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = install_fake(monkeypatch)
    for missing in ("127.0.0.1:1", "nowhere", "host:port", "127.0.0.1:99999"):
        with pytest.raises(ClusterError, match=rf"no Ray cluster at '{missing}' .* 'ray start"):
            Cluster(missing)
    ray.refused = RuntimeError("Version mismatch:\n  the cluster has Ray 2.9")
    with socket.create_server(("127.0.0.1", 0)) as server:
        for given in (f"127.0.0.1:{server.getsockname()[1]}", "auto"):
            with pytest.raises(ClusterError, match=rf"'{given}' .* cluster has Ray 2\.9; .* same"):
                Cluster(given)


def test_missing_ray_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ClusterError, match=r"no module 'ray'; .* pip install '\.\[cluster\]'"):
        Cluster("auto")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a trace\n  File x\nValueError: wrong\n", "ValueError: wrong"),
        ("The actor died.\n\tclass_name: ShardServer\n\tactor_id: 99", "The actor died."),
        ("  The node is gone.", "The node is gone."),
        ("\n", ""),
    ],
)
def test_reason_of_a_failure_on_a_node_is_one_line(text: str, reason: str) -> None:
    assert last_line(Exception(text)) == reason
