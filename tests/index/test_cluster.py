"""Connecting to a Ray cluster: what is said where that cannot be."""

from __future__ import annotations

import socket
import sys

import pytest

from index.cluster import Cluster
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
