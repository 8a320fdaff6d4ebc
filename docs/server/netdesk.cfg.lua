-- What a Prosody 0.12 server needs for a NetDesk community. Include it from /etc/prosody/prosody.cfg.lua, before the VirtualHost lines:
--   Include "/etc/prosody/netdesk.cfg.lua"
-- The tests of NetDesk run with this very file.

modules_enabled = {
  "disco", "roster", "saslauth", "tls", "dialback",
  "blocklist",  -- blocks of people and domains
  "pep",        -- profiles, shared lists: personal nodes with an audience each
  "carbons", "private", "smacks", "offline", "csi_simple", "ping", "register", "time", "uptime", "version",
  "limits",
  "server_contact_info",
}

-- To whom people can write about abuse; NetDesk offers it where the server takes no reports. Put your own address here.
contact_info = { abuse = { "mailto:abuse@community.local" } }

-- Nothing without TLS, from clients and from other servers; other servers show a certificate that can be checked.
c2s_require_encryption = true
s2s_require_encryption = true
s2s_secure_auth = true

-- Passwords are kept as SCRAM verifiers. NetDesk signs in by SCRAM only.
authentication = "internal_hashed"

-- New accounts: people you know, by an invitation (add "invites" and "invites_register" to the modules), or from your web site.
-- An open door (allow_registration = true) on a public server is found by spammers within days.
allow_registration = false

-- A login with 5,000 waiting requests comes to some 2 MB from the server; what a client may send is small.
limits = {
  c2s = { rate = "50kb/s", burst = "4s" };
  s2sin = { rate = "100kb/s", burst = "4s" };
}

-- Shared lists come in parts of 500 people, 100 parts at most.
pep_max_items = 256
