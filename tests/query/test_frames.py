"""Frames survive the wire; a connection that ends is an EOFError wherever it ends."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventkg.query import frames
from eventkg.query.job import Head, Job

_KINDS = st.sampled_from(
    [frames.HEAD, frames.DATA, frames.END, frames.ERROR, frames.JOB, frames.FORK, frames.REAP, frames.READY]
)


@given(st.lists(st.tuples(_KINDS, st.binary(max_size=3000)), max_size=8))
def test_what_is_sent_is_received(sent: list[tuple[bytes, bytes]]) -> None:
    here, there = socket.socketpair()
    with closing(here), closing(there):
        for kind, payload in sent:
            frames.send(here, kind, payload)
        assert [frames.receive(there) for _ in sent] == sent


@settings(max_examples=5, deadline=None)
@given(st.integers(min_value=1_000_000, max_value=3_000_000))
def test_a_frame_larger_than_any_buffer_arrives_whole(size: int) -> None:
    here, there = socket.socketpair()
    payload = b"x" * size
    with closing(here), closing(there):
        sender = threading.Thread(target=frames.send, args=(here, frames.DATA, payload))
        sender.start()
        assert frames.receive(there) == (frames.DATA, payload)
        sender.join()


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none()))
def test_json_survives(payload: dict[str, object]) -> None:
    here, there = socket.socketpair()
    with closing(here), closing(there):
        frames.send_json(here, frames.HEAD, payload)
        assert json.loads(frames.receive(there)[1]) == payload


@pytest.mark.parametrize("sent", [b"", b"H", b"H\0\0\0\5", b"H\0\0\0\5abcd"])
def test_a_connection_that_ends_inside_a_frame_is_an_end_of_file(sent: bytes) -> None:
    here, there = socket.socketpair()
    with closing(there):
        here.sendall(sent)
        here.close()
        with pytest.raises(EOFError):
            frames.receive(there)


@pytest.mark.parametrize("sent", [b"", b"H\0\0\0\5ab"])
def test_a_connection_that_is_reset_is_an_end_of_file(sent: bytes) -> None:
    here, there = socket.socketpair()
    with closing(there):
        frames.send(there, frames.JOB, b"never read")  # unread data make the close a reset
        here.sendall(sent)
        here.close()
        with pytest.raises(EOFError):
            frames.receive(there)


_TEXTS = st.text()
_TRIPLES = st.tuples(_TEXTS, _TEXTS, _TEXTS)


@given(
    st.builds(
        Job,
        query=_TEXTS,
        solutions=st.sampled_from(["json", "xml", ""]),
        graph=st.sampled_from(["ttl", ""]),
        default_graphs=st.lists(_TEXTS).map(tuple),
        named_graphs=st.lists(_TEXTS).map(tuple),
        bindings=st.dictionaries(_TEXTS, _TRIPLES),
        base=_TEXTS,
        plain=st.booleans(),
        counted=st.booleans(),
    )
)
def test_a_job_survives_the_wire(job: Job) -> None:
    back = Job.from_bytes(job.to_bytes())
    assert (back.query, back.solutions, back.graph) == (job.query, job.solutions, job.graph)
    assert (back.base, back.plain, back.counted) == (job.base, job.plain, job.counted)
    assert (tuple(back.default_graphs), tuple(back.named_graphs)) == (job.default_graphs, job.named_graphs)
    assert {name: tuple(value) for name, value in back.bindings.items()} == job.bindings


def _whole_frames(data: bytes) -> list[tuple[bytes, bytes]]:
    """Nothing where the last one is cut."""
    found = []
    while data:
        size = 5 + int.from_bytes(data[1:5], "big")
        if len(data) < max(5, size):
            return []
        found.append((data[:1], data[5:size]))
        data = data[size:]
    return found


@given(st.sampled_from(["graph", "solutions"]), st.sampled_from(["text/csv", "a/b; c=d"]), st.integers(-1))
def test_the_head_of_an_answer_survives_the_wire(form: str, media_type: str, length: int) -> None:
    head = Head(form, media_type, length)
    assert Head.from_bytes(head.to_bytes()) == head


@given(st.lists(st.tuples(_KINDS, st.binary(max_size=300)), max_size=8), st.integers(1, 50))
def test_an_inbox_gives_what_has_come_and_waits_for_the_rest(
    sent: list[tuple[bytes, bytes]], size: int
) -> None:
    here, there = socket.socketpair()
    with closing(here), closing(there):
        inbox, data = frames.Inbox(there), b"".join(frames.frame(*one) for one in sent)
        with pytest.raises(BlockingIOError):
            inbox.look()
        for start in range(0, len(data), size):
            here.sendall(data[start : start + size])
            inbox.look()
            assert inbox.all() == _whole_frames(data[: start + size])
        assert inbox.kinds() == b"".join(kind for kind, _ in sent)
        assert [inbox.receive() for _ in sent] == sent
        here.close()
        with pytest.raises(EOFError):
            inbox.receive()
