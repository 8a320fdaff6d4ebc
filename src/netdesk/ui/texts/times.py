"""Times in words, in the owner's own time zone; `now` is always an argument."""

from datetime import date, datetime, timedelta

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def local(at: datetime) -> datetime:
    """The instant in the computer's time zone."""
    return at.astimezone()


def first_upper(text: str) -> str:
    """The text with a capital at its beginning, the rest as it is."""
    return text[:1].upper() + text[1:]


def day(on: date, now: date) -> str:
    """A date: 12 Nov, with the year when it is another one."""
    return f"{on.day} {_MONTHS[on.month - 1]}" + (f" {on.year}" if on.year != now.year else "")


def full_day(at: datetime) -> str:
    """A date with its year: 12 Nov 2026."""
    on = local(at)
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def age(at: datetime, now: datetime) -> str:
    """How long ago, as short as can be: now, 5 min, 2 h, Yesterday, 3 d, 12 Nov."""
    passed = now - at
    days = (local(now).date() - local(at).date()).days
    if passed < timedelta(minutes=1):
        return "now"
    if passed < timedelta(hours=1):
        return f"{int(passed.total_seconds() // 60)} min"
    if days == 0 or passed < timedelta(hours=12):
        return f"{int(passed.total_seconds() // 3600)} h"
    if days == 1:
        return "Yesterday"
    return f"{days} d" if days < 14 else day(local(at).date(), local(now).date())


def moment(at: datetime, now: datetime) -> str:
    """When, with the time of day: today at 14:05, yesterday at 09:12, 27 Oct at 09:12."""
    there = local(at)
    days = (local(now).date() - there.date()).days
    clock = f"{there:%H:%M}"
    if days in (0, 1, -1):
        return f"{ {0: 'today', 1: 'yesterday', -1: 'tomorrow'}[days] } at {clock}"
    if -7 < days < 0:
        return f"{_WEEKDAYS[there.weekday()]} at {clock}"
    return f"{day(there.date(), local(now).date())} at {clock}"


def stamp(at: datetime, now: datetime) -> str:
    """A time for a list of what happened: 27 Oct 09:12."""
    there = local(at)
    return f"{day(there.date(), local(now).date())} {there:%H:%M}"


def until(at: datetime, now: datetime) -> str:
    """A date that lies ahead: 27 Feb 2027, or the time of day when it is within two days."""
    return moment(at, now) if timedelta(0) <= at - now < timedelta(days=2) else f"on {full_day(at)}"


def hours(number: float) -> str:
    """A duration given in hours: 40 minutes, 9 hours, 3 days."""
    if number < 1:
        return count(max(1, round(number * 60)), "minute")
    if number < 48:
        return count(round(number), "hour")
    return count(round(number / 24), "day")


def grouped(number: int) -> str:
    """A number with its thousands set apart by a narrow space."""
    return f"{number:,}".replace(",", "\u202f")


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: 1 request, 2 requests."""
    return f"{grouped(number)} {noun if number == 1 else plural or noun + 's'}"


def joined(names: tuple[str, ...] | list[str], most: int = 3) -> str:
    """Names in a row: Kofi, Ines and Pavel; Kofi, Ines and 4 more."""
    shown = list(names[:most])
    left = len(names) - len(shown)
    if left:
        return f"{', '.join(shown)} and {left} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else ""
