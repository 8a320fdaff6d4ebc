"""What it means for the owner when a server lacks something."""

from typing import Final

LACKS: Final = {
    "reports": "tell the server about spam: it takes no reports, so Report only blocks",
    "domain_blocks": "shut out whole domains on the server: it keeps no block list, so NetDesk hides them here",
    "one_way_ties": "let somebody follow without connecting",
    "shared_lists": "show which people you both know: the server keeps no personal nodes",
    "introductions": "ask a connection for an introduction",
    "field_audiences": "show parts of the profile to some people only: the server keeps no personal nodes",
    "account_age": "tell how old the account of somebody is who asks",
    "tells_withdrawals": "tell at once when somebody takes a request back: you see it at your next login",
    "hides_from_domains": "hide what everyone may see from a whole domain: it reads your public profile as any stranger does",
    "remembers_ignored": "tell your other devices whom you ignored",
    "directory": "look people up by name: the server has no directory",
    "counts_tries": "count how often somebody whom you shut out has tried again",
}
