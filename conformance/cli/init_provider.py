"""`qconform init-provider`: lay out a package that adds a provider."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("init-provider", short_help="lay out a provider of your own from its document")
@click.argument("name")
@click.argument("document", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path),
              help="Folder to make; qconform-NAME when left out.")  # fmt: skip
def command(*, name: str, document: Path, out: Path | None) -> int:
    """Lay out a package that adds the provider NAME, from its OpenAPI DOCUMENT.

    It works as it is: install it, and judge a server with qconform run --provider NAME --url URL.
    Nothing is ever overwritten.
    """
    import datetime as dt

    from conformance.errors import BadValue
    from conformance.providers import NAMES
    from conformance.providers.package import lay_out
    from conformance.spec import load_files

    if name in NAMES:
        raise BadValue("NAME", "a name that no bundled provider has", name, "Choose another.")
    folder = out or Path(f"qconform-{name}")
    files = lay_out(name, document, folder, today=dt.datetime.now(dt.UTC).date())
    for file in files:
        click.echo(f"wrote {file}")
    url = f"http://127.0.0.1:8000{load_files(document).base_path}"
    facts = next(file for file in files if file.name == "facts.py")
    click.echo(
        f"\ninstall it    pip install -e {folder}\n"
        f"prove it      qconform specs check {name}\n"
        f"judge by it   qconform run --provider {name} --url {url}\n"
        f"go on in      {facts.with_name('things.py')}, then {facts}"
    )
    return 0
