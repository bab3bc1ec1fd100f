"""What client libraries send and read, measured against the mock.

    python benchmarks/gate/clients.py > specs/ionq/v0.4/clients.toml
    python benchmarks/gate/clients.py ibm > specs/ibm/v1/clients.toml
    python benchmarks/gate/clients.py scaleway scaleway > specs/scaleway/v1alpha1/clients.toml
    python benchmarks/gate/clients.py scaleway scaleway-qaas-client --no-heading >> the same

The clients are unmodified. What they send is what arrives at the mock. What they read is seen by
answering with objects that note which members are asked for; a client that turns a whole answer
into a model at once reads what its model fails without (ionq-core) or is another without
(scaleway-qaas-client).
"""

from __future__ import annotations

import argparse
import importlib
import json
import warnings
from importlib.metadata import version
from urllib.parse import urlsplit

from watching import Watch

from conformance import spec

BASE_PATHS = {"ionq": "/v0.4", "ibm": "/api", "scaleway": ""}


def main() -> None:
    """Print the table of a provider's clients, or of those that are named."""
    parser = argparse.ArgumentParser(description="What client libraries send and read.")
    parser.add_argument("provider", nargs="?", default="ionq", choices=sorted(BASE_PATHS))
    parser.add_argument("client", nargs="*", help="only these, as they are installed here")
    parser.add_argument("--no-heading", action="store_true", help="to append to a table")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    clients = importlib.import_module(f"clients_{options.provider}").CLIENTS
    if not options.no_heading:
        print("# Measured by benchmarks/gate/clients.py against the mock; do not edit by hand.")
        servers = spec.load(options.provider).document["servers"]
        print(f"hosts = {json.dumps([urlsplit(server['url']).netloc for server in servers])}")
    for name in options.client or clients:
        watch = Watch(provider=options.provider, base_path=BASE_PATHS[options.provider])
        clients[name](watch)
        for line in watch.table(f"{name} {version(name)}"):
            print(line)


if __name__ == "__main__":
    main()
