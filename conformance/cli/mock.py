"""`qconform mock`: serve the mock until it is stopped."""

from __future__ import annotations

import click


@click.command("mock", short_help="serve a stateful mock of the API")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8400, show_default=True,
              help="Port to listen on; 0 picks a free one.")  # fmt: skip
@click.option("--provider", default="ionq", show_default=True, help="Whose API to play.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same answers.")
@click.option("--strict", is_flag=True, help="Accept no departure from the document.")
@click.option("--clock", type=click.Choice(["real", "instant"]), default="real",
              show_default=True, help="How fast jobs pass through their states.")  # fmt: skip
@click.option("--api-version", default="v0.4", show_default=True, metavar="v0.4|v0.4-next",
              help="The API of the document, or the newer one (docs/clients.md).")  # fmt: skip
@click.option("--fault", "faults", multiple=True, help="Misbehave in this way; see --list-faults.")
@click.option("--list-faults", is_flag=True, help="List all faults and exit.")
@click.option("--print-keys", is_flag=True, help="Print the keys of both tenants and exit.")
def command(
    *,
    host: str,
    port: int,
    provider: str,
    seed: int,
    strict: bool,
    clock: str,
    api_version: str,
    faults: tuple[str, ...],
    list_faults: bool,
    print_keys: bool,
) -> int:
    """Serve a stateful mock: jobs, sessions and real results, for two tenants.

    It answers under /v0.4, accepts what tolerances.toml lists, and stops with Ctrl-C.
    """
    from conformance.mock import FAULTS, InstantClock, RealClock, serve
    from conformance.mock.ionq import app, keys
    from conformance.providers import provider as facts_of

    facts_of(provider)
    if list_faults:
        for fault in FAULTS:
            click.echo(f"{fault.name:28} {', '.join(fault.finds):24} {fault.summary}")
        return 0
    if print_keys:
        click.echo("\n".join(keys()))
        return 0
    served = app(
        seed=seed,
        strict=strict,
        clock=RealClock() if clock == "real" else InstantClock(),
        faults=faults,
        api_version=api_version,
    )
    serve(served, host, port, on_ready=_announce)
    return 0


def _announce(url: str) -> None:
    from conformance.mock.ionq import keys

    first, second = keys()
    click.echo(f"listening  {url}")
    click.echo(f"keys       {first}  (first tenant)\n           {second}  (second tenant)")
    click.echo(f"judge it   qconform run --url {url} --api-key {first} --second-api-key {second}")
