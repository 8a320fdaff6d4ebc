"""What went wrong, in one sentence each, with what to do."""

from datetime import datetime
from typing import Final

from netdesk.domain.errors import Cancelled, Gone, NetDeskError, Offline, Refused, StorageTrouble, Unreadable
from netdesk.domain.joining import FormToFill
from netdesk.ui.texts.times import until

REFUSED: Final = {
    "archive only": "{detail} lets no other program in: open it there, and tick it off here.",
    "older archive": "This export of {detail} is older than the one that is here. Nothing was changed.",
    "account there": "This desk has the account {detail} already.",
    "address taken": "Somebody has the address {detail} already. Choose another name.",
    "blocked": "You have shut {detail} out. Unblock them first.",
    "cannot reopen": "Only a request that you declined or ignored, or that was withdrawn, can be reopened.",
    "connected": "You and {detail} are connected already.",
    "date has passed": "That date has passed. Choose one that lies ahead.",
    "declined twice": "{detail} has declined twice. You can ask again only if they write to you first.",
    "empty invitation": "An invitation must be good for at least one day and one person.",
    "empty note": "Write a few words first.",
    "empty template": "A template needs a title and a text.",
    "follow up later": "You can write once more to {detail} {until}: give them a week.",
    "followed up already": "You have written once more to {detail} already; one follow-up is enough.",
    "form in the window": "The server asks for more before it makes an account ({detail}). Make it in the window: start netdesk.",
    "gone": "It is no longer there: the other side changed it meanwhile.",
    "directory refused": "The directory does not answer this question: {detail}.",
    "no directory": "The server {detail} has no directory of people. Write an address.",
    "only decline": "A request whose address cannot be read can only be declined.",
    "introduction asked": "You have asked {detail} for this introduction already.",
    "later needs a date": "Say when it should come back.",
    "no lately": "{detail} did not accept your last request. You can ask again {until}.",
    "no such account": "There is no account {detail}. Check the address.",
    "not a sample": "{detail} holds a desk that is no sample. Choose another folder for the sample.",
    "not connected": "{detail} is not a connection of yours.",
    "not online": "This account is offline.",
    "own server": "{detail} is your own server: that would shut out everybody there, yourself too.",
    "not the keeper": "Only the keeper of this community may read the reports.",
    "not waiting": "This request no longer waits for an answer.",
    "note too long": "The note is too long: 300 characters at most.",
    "same note": "You have sent this same note to 5 people in the last 7 days. Change it, so that it speaks to {detail}.",
    "they are not connected": "They do not know that person.",
    "they ask you": "{detail} is asking you: answer their request under Incoming.",
    "to myself": "That is you.",
    "too many waiting": "100 of your requests wait for an answer. Withdraw some old ones first.",
    "unknown form": "NetDesk does not know the form “{detail}”. It can write csv, json and vcard.",
    "waiting already": "Your request to {detail} is waiting for an answer already.",
    "password file": "The password file {detail} can be read by others, or not by you. Set its mode to 0600.",
    "no registration": "The server {detail} makes no accounts in programs. Make one on its web site, then sign in.",
    "invitation needed": "The server {detail} makes accounts only with an invitation link.",
    "invitation over": "The server {detail} does not take this invitation: it is used up, or no longer good. Ask for another.",
    "password refused": "The server does not take this password: {detail}.",
    "registration refused": "The server does not make this account: {detail}.",
    "which account": "There are several accounts: {detail}. Say which with --account.",
    "withdrawn lately": "You took back your last request to {detail}. You can ask again {until}.",
    "update address": "An address to ask at begins with https://, which “{detail}” does not.",
    "update key": "This is no public key of minisign: it is one line that begins with RW.",
    "update signature": "What lies at this address is not signed with this key. It may be forged: NetDesk does not believe it.",
}
GONE: Final = {
    "account": "There is no account {detail} on this desk.",
    "backup": "The backup {detail} is not there.",
    "block": "{detail} is not shut out.",
    "import": "Only the latest import of an account can be taken back, and there is none like this any more.",
    "hold": "The ten seconds are over: it cannot be taken back any more.",
    "introduction": "This introduction was answered already.",
    "invitation": "This invitation is not there any more.",
    "no account": "There is no account on this desk yet. Make one first: netdesk account add community NAME",
    "nothing so old": "None of your requests has waited that long.",
    "person": "NetDesk does not know {detail}.",
    "request": "No such request waits. It may have been answered or taken back.",
    "tie": "You are not connected with them.",
}
OFFLINE: Final = {
    "accounts unreachable": "These accounts cannot be reached now: {detail}. What you decided is kept and told later.",
    "still untold": "{detail} of your decisions could not be told in this time. They are kept; try again.",
    "not online": "This account is offline. What you decide is kept and told when it is back.",
    "unreachable": "The server cannot be reached now. NetDesk tries again by itself.",
    "certificate": "The server {detail} shows a certificate that NetDesk cannot trust. Nothing was sent to it. Ask whoever runs it.",
    "certificate changed": "The server {detail} shows another key than before. That happens when its keeper renews it, and when somebody stands "
    "between you and it. Ask its keeper, then choose Trust the new key.",
    "no password": "The password of {detail} is needed: choose Sign in.",
    "no sign-in": "The server {detail} would let anybody in without a password. NetDesk does not sign in there.",
    "not encrypted": "The connection to {detail} is not encrypted, or somebody took the encryption away. Nothing was sent.",
    "not XMPP": "What answers at {detail} does not speak XMPP as it should. NetDesk has hung up.",
    "sign-in refused": "The server {detail} refuses to sign you in now. Try later, or ask whoever runs it.",
    "update place": "Nobody answers at {detail}. Are you online, and is the address right?",
    "too much": "The server {detail} sent more than anybody may. NetDesk has hung up.",
    "weak sign-in": "The server {detail} offers only a way to sign in that gives your password away, or a weaker one than before. Nothing was sent.",
    "wrong password": "The server {detail} does not take this address and password.",
}
UNREADABLE: Final = {
    "account link": "“{detail}” is a link to make an account. Open it under Account, Sign in.",
    "address": "“{detail}” is not an address. One looks like name@server.example.",
    "backup": "{detail} is not a whole NetDesk backup. Nothing was changed.",
    "backup onto itself": "A backup cannot be written to {detail}: that is the desk's own, or a file that is no backup. Choose another place.",
    "archive damaged": "{detail} is damaged or was not downloaded to its end. Download it again.",
    "archive in archive": "There is another archive in {detail}. Unpack the outer one and give NetDesk what is in it.",
    "archive packed unknown": "{detail} is packed in a way that NetDesk does not read. Unpack it and give NetDesk the folder.",
    "archive password": "{detail} is protected by a password. Unpack it with the password and give NetDesk the folder.",
    "archive too large": "{detail} unpacks to far more than any export holds. NetDesk has not read it.",
    "archive unknown": "No list of people was found in {detail}. NetDesk reads the data exports of LinkedIn, Facebook, Instagram, X, Mastodon and Bluesky.",
    "columns missing": "This list lacks the columns by which it is read ({detail}). Export it in English, or give NetDesk the file as it was downloaded.",
    "file empty": "{detail} is empty. Download it again.",
    "file unreadable": "{detail} cannot be read. May you open it?",
    "list damaged": "The list {detail} is damaged: NetDesk takes no half of a list for the whole. Download the export again.",
    "list too long": "A list in {detail} is longer than NetDesk reads: it takes 400,000 rows.",
    "no such file": "There is no file {detail}.",
    "page unknown": "The page {detail} is built in a way that NetDesk has not seen. Ask for the export again, in the format JSON.",
    "page given": "{detail} holds pages and no lists that NetDesk knows. If it is a sign-in page, the download has failed: sign in and download again.",
    "block list": "No address or domain could be read from this list. It should have one on each line.",
    "domain": "“{detail}” is not a domain. One looks like server.example.",
    "empty name": "A profile needs a name.",
    "file": "The file {detail} cannot be read.",
    "invitation": "“{detail}” is not an invitation link. One begins with xmpp:",
    "key": "There is nothing to set under “{detail}”. netdesk set --help lists what there is.",
    "picture kind": "A picture must be a PNG or JPEG file.",
    "picture too large": "The picture is too large: 2,048 pixels a side and 512 kB at most.",
    "update file": "What lies at this address is signed, but it does not say which version is the newest. Tell whoever made it.",
    "value": "“{detail}” does not fit here.",
}
STORAGE: Final = {
    "autostart": "Starting with the computer could not be changed: {detail} cannot be written.",
    "backup place": "The backup could not be written to {detail}. Is the folder there, and may you write to it?",
    "community": "The community file {detail} cannot be used. Is it there, and may you write to it?",
    "community damaged": "The community file {detail} is damaged. NetDesk leaves it as it is.",
    "community gone": "The community file {detail} is not there any more. Put it back where it was; NetDesk makes no empty one in its place.",
    "community newer": "The community file {detail} was made by a newer NetDesk. Update this one; the file was not touched.",
    "damaged now": "The desk's database is damaged. Close NetDesk and start it: it sets the file aside and offers the newest good backup.",
    "export place": "The file {detail} could not be written. Is the folder there, and may you write to it?",
    "damaged": "The desk's database is damaged. It was set aside, nothing was deleted. Restore a backup or start with an empty desk.",
    "disk full": "The disk is full. What you decided last was not kept; make room and try again.",
    "disk trouble": "The disk reports an error. What you decided last was not kept. Check the disk and your backups.",
    "in use": "NetDesk is open with this data folder already. Close it, or use that window.",
    "locked": "Another program holds the database. Close it and try again.",
    "newer": "This data was written by a newer NetDesk. Update this one; nothing was changed.",
    "not ours": "{detail} is another program's file. NetDesk leaves it as it is; choose another data folder.",
    "no such account": "The community does not know {detail} any more.",
    "read only": "NetDesk cannot write to {detail}. Check that the folder is yours and not read-only.",
}
NEEDS_OWNER: Final = frozenset(
    {"no password", "wrong password", "certificate", "certificate changed", "not encrypted", "weak sign-in", "no sign-in"}
)
BY_CLASS: Final[dict[type[NetDeskError], dict[str, str]]] = {
    Refused: REFUSED, Gone: GONE, Offline: OFFLINE, Unreadable: UNREADABLE, StorageTrouble: STORAGE,
    Cancelled: {"stopped": "Stopped. Nothing was changed."},
    FormToFill: {
        "form to fill": "The server asks for more before it makes the account.",
        "picture misread": "The server did not read the same letters in the picture. Look at the new one.",
    },
}  # fmt: skip


def sentence(error: NetDeskError, now: datetime) -> str:
    """The one sentence that says what is wrong and what to do. A reason without a sentence is a bug: KeyError."""
    text = BY_CLASS[type(error)][error.reason]
    when = until(error.until, now) if error.until is not None else "later"
    return text.format(detail=error.detail or ("" if isinstance(error, Unreadable) else "this person"), until=when)


def refusal(reason: str, name: str, when: datetime | None, now: datetime) -> str:
    """Why a rule says no, as the composer shows it before anything was tried."""
    return sentence(Refused(reason, until=when, detail=name), now)
