"""A Ray of one machine that makes each call when its result is awaited."""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from index.stores.sharding.replicas import Replicas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest


class FakeRayError(Exception):
    pass


class FakeRayTaskError(FakeRayError):
    pass


class FakeGetTimeoutError(FakeRayError):
    pass


class FakeActorDiedError(FakeRayError):
    pass


class FakeCall:
    """A call that is made once, when its result is awaited."""

    def __init__(self, call: Callable[[], object]) -> None:
        self._call = call
        self._outcome: tuple[object, Exception | None] | None = None

    def result(self) -> object:
        if self._outcome is None:
            try:
                self._outcome = self._call(), None
            except Exception as error:  # noqa: BLE001 - raised where the result is awaited
                self._outcome = None, error
        value, failure = self._outcome
        if failure is None:
            return value
        if isinstance(failure, FakeRayError):
            raise failure
        raise FakeRayTaskError(f"a trace\n\n{type(failure).__name__}: {failure}") from failure


class FakeActor:
    """An actor; a lost one fails at its next call, and a hung one never answers.

    Attributes:
        place: The id of its node.
    """

    def __init__(self, ray: FakeRay, make: Callable[[], Any], place: str) -> None:
        self._ray = ray
        self._make = make
        self._worker: Any = None
        self.place = place
        self.lost = False
        self.hung = False

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: object) -> object:
            if self.place not in self._ray.machines:
                raise FakeActorDiedError("its node is gone")
            if self.lost:
                raise FakeRayError("it is beginning again")
            if self.place in self._ray.broken:
                raise FakeRayTaskError(f"a trace\n\n{self._ray.broken[self.place]}")
            self._ray.running_on = self.place
            if self._worker is None:
                self._worker = self._make()
            return getattr(self._worker, name)(*arguments)

        def remote(*arguments: object) -> FakeCall | HungCall:
            return HungCall() if self.hung else FakeCall(lambda: call(*arguments))

        return SimpleNamespace(remote=remote)


class FakeRay:
    """What of Ray is used, on one machine with three processors.

    Attributes:
        machines: The processors of its nodes, by their ids.
        head: The address of its head.
        broken: Why every call fails, by the id of the node.
        running_on: The node of the actor that is running.
        lose: Calls of tasks that are lost, and run again, before one ends.
    """

    __spec__ = "of a module that is installed"
    exceptions = SimpleNamespace(
        RayError=FakeRayError,
        RayTaskError=FakeRayTaskError,
        GetTimeoutError=FakeGetTimeoutError,
        ActorDiedError=FakeActorDiedError,
        ActorUnschedulableError=FakeActorDiedError,
    )
    util = SimpleNamespace(
        get_node_ip_address=lambda: "192.0.2.1",
        scheduling_strategies=SimpleNamespace(
            NodeAffinitySchedulingStrategy=lambda node, *, soft: (node, soft)
        ),
    )

    def __init__(self) -> None:
        self.actors: list[FakeActor] = []
        self.tasks = 0
        self.cpus = 3.0
        self.machines = {"here": 3.0}
        self.head = "127.0.0.1:1"
        self.broken: dict[str, str] = {}
        self.running_on = ""
        self.refused: Exception | None = None
        self.left = False
        self.lose = 0

    def init(self, **_: object) -> None:
        if self.refused is not None:
            raise self.refused

    def is_initialized(self) -> bool:
        return not self.left

    def shutdown(self) -> None:
        self.left = True

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": self.cpus}

    def nodes(self) -> list[dict[str, Any]]:
        return [
            {"Alive": True, "NodeID": node, "Resources": {"CPU": cpus} if cpus else {}}
            for node, cpus in self.machines.items()
        ]

    def get_runtime_context(self) -> Any:
        return SimpleNamespace(get_node_id=lambda: self.running_on, gcs_address=self.head)

    def remote(self, what: Callable[..., Any]) -> Any:
        strategy = "here", True

        def make(*arguments: object) -> FakeActor:
            self.actors.append(FakeActor(self, lambda: what(*arguments), strategy[0]))
            return self.actors[-1]

        def run(*arguments: object) -> FakeCall:
            def call() -> object:
                self.tasks += 1
                outcome = what(*arguments)
                if self.lose > 0:
                    self.lose -= 1
                    return call()
                if self.lose < 0:
                    raise FakeRayError("lost")
                return outcome

            return FakeCall(call)

        remote = make if isinstance(what, type) else run

        def options(**given: Any) -> Any:
            nonlocal strategy
            strategy = given.get("scheduling_strategy", strategy)
            return SimpleNamespace(remote=remote)

        return SimpleNamespace(options=options)

    def kill(self, actor: FakeActor) -> None:
        actor.lost = True

    def get(self, calls: Any, *, timeout: float | None = None) -> Any:
        if isinstance(calls, HungCall):
            raise FakeGetTimeoutError(f"not within {timeout} s")
        return [call.result() for call in calls] if isinstance(calls, list) else calls.result()

    def wait(
        self, calls: list[Any], *, num_returns: int = 1, timeout: float | None = None
    ) -> tuple[list[Any], list[Any]]:
        del timeout  # what is hung is hung at once
        ready = [call for call in calls if not isinstance(call, HungCall)][-num_returns:]
        for call in ready:
            try:
                call.result()
            except FakeRayError:
                continue
        return ready, [call for call in calls if call not in ready]


class HungCall:
    """A call that never ends."""


def install_fake(monkeypatch: pytest.MonkeyPatch) -> FakeRay:
    """Let `import ray` give a fake; replicas are moved only when a test says so."""
    fake = FakeRay()
    monkeypatch.setattr(Replicas, "_keep_spread", lambda _: None)
    monkeypatch.setitem(sys.modules, "ray", fake)
    return fake


@contextmanager
def listening(reply: bytes = bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))) -> Iterator[str]:
    """The address of a server that replies to each connection, as Ray unless told otherwise."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(1024)
                    connection.sendall(reply)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
