"""The way into XMPP for the desk, which loads it only when there is an account there: slixmpp takes as long to load as the window."""

from collections.abc import Awaitable, Callable, Mapping

from netdesk.domain.people import Account, Address
from netdesk.networks.xmpp.network import XmppNetwork
from netdesk.networks.xmpp.register import register
from netdesk.networks.xmpp.session import Clock
from netdesk.networks.xmpp.settings import Memory, Settings
from netdesk.networks.xmpp.signin import sign_in


def network(
    account: Account, password: Callable[[], Awaitable[str]], clock: Clock, remembered: object, remember: Callable[[object], None]
) -> XmppNetwork:
    """The account's network. `remembered` is what `remember` was given last."""
    return XmppNetwork(
        account.id,
        account.address,
        Settings.from_text(account.place),
        password,
        clock,
        Memory.from_dict(remembered),
        lambda memory: remember(memory.as_dict()),
    )


async def try_out(address: Address, place: str, password: str) -> dict[str, object]:
    """Sign in once and leave; gives what is to be remembered. Raises Offline with the reason when it does not work."""
    memory = Memory()
    line = await sign_in(address, Settings.from_text(place), password, memory)
    await line.leave()
    return memory.as_dict()


async def change_password(network: XmppNetwork, password: str) -> None:
    """Change the account's password on its server. Raises Offline without a session, Refused when the server says no."""
    await network.change_password(password)


async def trust_new_key(network: XmppNetwork) -> None:
    """The owner says yes to the key that the server showed last."""
    await network.trust_new_key()


async def join(address: Address, place: str, password: str, answers: Mapping[str, str], token: str) -> None:
    """Make an account on a server; see `register`."""
    await register(address, Settings.from_text(place), password, answers, token)
