"""Connecting to a Ray cluster: what is said where that cannot be."""

from __future__ import annotations

import socket
import sys

import pytest

from index import cluster as cluster_module
from index.cluster import Cluster, last_line
from index.errors import ClusterError
from tests.index.fake_ray import install_fake, listening


def test_cluster_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = install_fake(monkeypatch)
    for missing in ("127.0.0.1:1", "nowhere", "host:port", "127.0.0.1:99999"):
        with pytest.raises(ClusterError, match=rf"no Ray cluster at '{missing}' .* 'ray start"):
            Cluster(missing)
    ray.refused = RuntimeError("Version mismatch:\n  the cluster has Ray 2.9")
    with listening() as address:
        for given in (address, "auto"):
            with pytest.raises(ClusterError, match=rf"'{given}' .* cluster has Ray 2\.9; .* same"):
                Cluster(given)


@pytest.mark.parametrize("reply", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_other_server_than_a_cluster_is_named_at_once(
    monkeypatch: pytest.MonkeyPatch, reply: bytes
) -> None:
    install_fake(monkeypatch)
    with (
        listening(reply) as address,
        pytest.raises(ClusterError, match="what listens there is not Ray; expected 'auto'"),
    ):
        Cluster(address)


def test_server_that_does_not_reply_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    install_fake(monkeypatch)
    monkeypatch.setattr(cluster_module, "_CONNECTING_SECONDS", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(ClusterError, match="that can be used: timed out;"):
            Cluster(address)
        monkeypatch.setenv("RAY_USE_TLS", "1")  # Ray alone can speak with it then
        Cluster(address)


def test_cluster_with_another_token_says_what_to_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = install_fake(monkeypatch)
    ray.refused = ConnectionError("Failed to connect to Ray cluster at 192.0.2.1")
    ray.refused.__context__ = RuntimeError("RPC error: InvalidAuthToken: missing or incorrect")
    with pytest.raises(ClusterError, match=r"set RAY_AUTH_MODE=token, and copy .*auth_token"):
        Cluster("auto")


def test_head_that_does_not_answer_says_what_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = install_fake(monkeypatch)
    cluster = Cluster("auto")
    with pytest.raises(ClusterError, match=r"the head .* at 'auto' .* start the head and its nod"):
        cluster.check_head()
    with listening() as ray.head:
        cluster.check_head()


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
