"""web: the desk in a browser, or the outer app for partners and verification."""

from pathlib import Path

import click

from lms_sync.cli.edge import log_to_file
from lms_sync.cli.opening import who
from lms_sync.cli.options import by_option, pass_folder
from lms_sync.operations.opening import STATE, now
from lms_sync.web.app import PREPARED, create_app
from lms_sync.web.opening import LONGEST_WAIT, open_district
from lms_sync.web.outer.app import create_outer_app
from lms_sync.web.serve import serve
from lms_sync.web.sessions import start_link
from lms_sync.workspace.settings.config import read_config


@click.command(
    epilog="""\b
Examples:
  lms-sync web                    on this machine; prints a link that signs you in, once
  lms-sync web --port 8090
  lms-sync web --outer            partners' pages and the verify page, a process of its own
"""
)
@click.option("--port", type=click.IntRange(1, 65535), help="Where to listen. [default: as lms_sync.toml says]")
@click.option("--outer", is_flag=True, help="Serve the partners' pages, the verify page and shared evidence instead.")
@by_option
@pass_folder
def web(folder: str, *, port: int | None, outer: bool, by: str) -> None:
    """Open the desk in a browser: the same decisions as on the command line, by the same rules.

    It listens on this machine only. With [web] url and [web.oidc] people sign in through a proxy (docs/web.md).
    """
    config = read_config(Path(folder))
    log_to_file(config.folder / STATE)
    settings = config.settings.web
    chosen = port or (settings.outer.port if outer else settings.port)
    with open_district(config) as district:
        if outer:
            app, url = create_outer_app(district, port=chosen), settings.outer.url
        else:
            app, url = create_app(district, port=chosen), settings.url
            district.longest_wait = LONGEST_WAIT
            district.prepare = PREPARED
            district.start_judging()

        def say() -> None:
            if outer or url:
                click.echo(f"Serving {url or 'the outer app'} from 127.0.0.1:{chosen}")
            else:
                click.echo(f"Sign in, once: {start_link(district.sign_ins, who(by), port=chosen, at=now())}")

        serve(app, port=chosen, proxies=settings.proxies_before(url), ready=say)
