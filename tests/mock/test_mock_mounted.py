"""The mock inside somebody's application, without a port: mounted, or called by a transport."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from mock_driver import CNOT, FIRST, H, multi, qis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Host, Mount, Route

from conformance.mock import InstantClock, ionq

KEY = {"Authorization": f"apiKey {FIRST}"}


def hello(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


def around(mock: ionq.IonqMock, prefix: str) -> Starlette:
    """Return an application of its own that has the mock below `prefix`."""
    inner = Mount(prefix, app=mock) if prefix else Host("ionq.test", app=mock)
    return Starlette(routes=[Route("/hello", hello), inner])


@pytest.fixture(params=["/ionq", "/a/b c", "/ä", ""])
def prefix(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_mounted_mock_serves_its_whole_api_below_the_prefix(prefix: str) -> None:
    outer = around(ionq.app(clock=InstantClock()), prefix)

    async def live() -> None:
        transport = httpx.ASGITransport(app=outer)
        async with httpx.AsyncClient(transport=transport, base_url="http://ionq.test") as client:
            base = f"{prefix}/v0.4"
            assert (await client.get("/hello")).text == "hello"
            reply = await client.post(f"{base}/jobs", json=qis(H, CNOT), headers=KEY)
            assert reply.status_code == 201
            place = f"{base}/jobs/{reply.json()['id']}"
            job = (await client.get(place, headers=KEY)).json()
            assert job["status"] == "completed"
            # As the document has it, the link begins with the version wherever the API is.
            link = job["results"]["probabilities"]["url"]
            assert link.startswith("/v0.4/jobs/")
            found = await client.get(f"{prefix}{link}", headers=KEY)
            assert found.json().keys() == {"0", "3"}
            assert (await client.get(f"{base}/jobs?limit=1", headers=KEY)).json()["next"] is None
            assert (await client.put(f"{place}/status/cancel", headers=KEY)).status_code == 200
            assert (await client.get(f"{base}/nowhere", headers=KEY)).status_code == 404
            assert "CreateJob" in (await client.get(f"{prefix}/docs")).text

    asyncio.run(live())


def test_a_mock_is_called_by_a_transport_without_any_server() -> None:
    mock = ionq.app(clock=InstantClock())

    async def live() -> None:
        transport = httpx.ASGITransport(app=mock)
        async with httpx.AsyncClient(transport=transport, base_url="http://x/v0.4/") as client:
            circuits = multi({"qubits": 1, "circuit": [H]}, {"qubits": 2, "circuit": [H, CNOT]})
            job = (await client.post("jobs", json=circuits, headers=KEY)).json()["id"]
            link = (await client.get(f"jobs/{job}", headers=KEY)).json()["results"]
            url = f"http://x{link['probabilities']['url']}"
            found = (await client.get(url, headers=KEY)).json()
            assert [sorted(each) for each in found.values()] == [["0", "1"], ["0", "3"]]

    asyncio.run(live())
    mock.reset()
    assert mock.counts == {"jobs": 0, "sessions": 0}


def test_a_mock_takes_part_in_the_life_of_its_server() -> None:
    mock, told = ionq.app(), list[str]()

    async def live() -> None:
        coming = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

        async def receive() -> dict[str, str]:
            return coming.pop(0)

        async def send(message: object) -> None:
            assert isinstance(message, dict)
            told.append(message["type"])

        await mock({"type": "lifespan"}, receive, send)

    asyncio.run(live())
    assert told == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_the_page_of_the_document_fetches_nothing_and_shows_every_operation() -> None:
    mock = ionq.app(strict=True)

    async def read(path: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=mock)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get(path)

    page = asyncio.run(read("/docs"))
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    for operation in mock.specification.operations:
        assert f'id="{operation.id}"' in page.text
    for fetching in ("<script", "<link", "<img", "src=", "url(", "http://", "https://", "@import"):
        assert fetching not in page.text
    assert "null-noise-seed" not in page.text
    document = asyncio.run(read("/openapi.json")).json()
    assert document == mock.specification.document


def test_the_page_of_a_lenient_mock_lists_what_it_accepts_besides() -> None:
    transport = httpx.ASGITransport(app=ionq.app())

    async def read() -> str:
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return (await client.get("/docs")).text

    assert "null-noise-seed" in asyncio.run(read())
