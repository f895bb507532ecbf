"""Logs: one JSON object a line, with nothing but what the allow-list names."""

import json
import re
from typing import Any

import pytest

from api.cli.running import PROCESSES
from api.logs import ALLOWED
from tests.leaks.run import LeakRun

REQUEST_ID = re.compile(r"[0-9a-f]{32}")


@pytest.mark.parametrize("process", PROCESSES)
def test_every_line_is_an_object_of_allowed_keys_and_plain_values(
    run: LeakRun, process: str
) -> None:
    for line in lines_of(run, process):
        assert line.keys() <= ALLOWED
        assert {"event", "level", "timestamp", "process"} <= line.keys()
        assert not any(isinstance(value, list | dict) for value in line.values())


def test_there_are_lines_to_look_at(run: LeakRun) -> None:
    assert {line["event"] for line in lines_of(run, "serve")} >= {"request", "fault"}
    assert "followed" in {line["event"] for line in lines_of(run, "clerk")}


def test_every_request_has_an_id_that_its_caller_was_told(run: LeakRun) -> None:
    logged = [line for line in lines_of(run, "serve") if line["event"] == "request"]
    ids = [line["request_id"] for line in logged]
    assert len(ids) > 1000
    assert len(set(ids)) == len(ids)
    assert all(REQUEST_ID.fullmatch(each) for each in ids)
    told = re.findall(rb"x-request-id: ([0-9a-f]{32})", run.heard)
    assert len(told) > 1000
    assert {each.decode() for each in told} <= set(ids)


def test_a_fault_is_logged_with_the_id_of_its_request(run: LeakRun) -> None:
    lines = lines_of(run, "serve")
    failed = {line["request_id"] for line in lines if line.get("status") in {500, 503}}
    assert failed
    assert {line["request_id"] for line in lines if line["event"] == "fault"} <= failed


def test_routes_are_logged_as_declared_and_methods_as_known(run: LeakRun) -> None:
    logged = [line for line in lines_of(run, "serve") if line["event"] == "request"]
    assert {line["method"] for line in logged} <= {"GET", "POST", "PUT", "DELETE", "-"}
    assert not any(re.search(r"[0-9a-f]{8}-", line["route"]) for line in logged)


def lines_of(run: LeakRun, process: str) -> list[dict[str, Any]]:
    text = (run.machine.logs / f"{process}.log").read_text()
    return [json.loads(line) for line in text.splitlines()]
