"""Servers that federate with each other on loopback: one certificate authority, names from a name server of our own, nothing of the machine's."""

from dataclasses import dataclass

import trustme
from tests.servers.names import Names

# net.dns of Prosody 0.12 reads the machine's /etc/resolv.conf, asks port 53, and waits up to a second before it does
PROSODY_NAMES = """
module:set_global();
local port = module:get_option_number("test_dns_port");
local methods = getmetatable(require "net.dns"._resolver).__index;
function methods:adddefaultnameservers() self:addnameserver("127.0.0.1"); end
methods.jitter, methods.retry_jitter = false, false;
local set = methods.socket_wrapper_set;
function methods:socket_wrapper_set(wrap)
  return set(self, function (sock, resolver)
    local handler, err = wrap(sock, resolver);
    if not handler then return nil, err; end
    local peer = handler.setpeername;
    handler.setpeername = function (h, host) return peer(h, host, port); end
    return handler;
  end);
end
"""


@dataclass(frozen=True, slots=True)
class Federation:
    """What servers share that find and trust each other."""

    names: Names
    authority: trustme.CA

    def publish(self, hosts: tuple[str, ...], *, starttls: int, direct: int, s2s: int, s2s_direct: int) -> None:
        """What the keeper of a server writes into the DNS. ejabberd looks addresses up by the system: only `localhost` will do."""
        self.names.a("localhost")
        for host in hosts:
            self.names.srv(f"_xmpp-server._tcp.{host}", "localhost", s2s)
            self.names.srv(f"_xmpps-server._tcp.{host}", "localhost", s2s_direct)
            self.names.srv(f"_xmpp-client._tcp.{host}", "localhost", starttls)
            self.names.srv(f"_xmpps-client._tcp.{host}", "localhost", direct, priority=5)
