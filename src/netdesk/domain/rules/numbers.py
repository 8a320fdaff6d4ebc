"""Every number of the rules, in one table (product.md §3-§4)."""

from datetime import timedelta
from typing import Final

HOLD: Final = timedelta(seconds=10)
LONGEST_RETRY: Final = timedelta(days=1)  # a server that wants to be asked again later than this is asked then all the same
TELL_AGAIN_AFTER: Final = timedelta(hours=1)  # what another server could not be told
TELL_AGAIN_FOR: Final = timedelta(days=7)

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
NEW_ACCOUNT: Final = timedelta(days=14)

DAY_ADVICE: Final = 10
DAY_LIMIT: Final = 20
NEW_DAY_ADVICE: Final = 3
NEW_DAY_LIMIT: Final = 5
WEEK_LIMIT: Final = 80
WAITING_LIMIT: Final = 100

SAME_NOTE_LIMIT: Final = 5
SAME_NOTE_WINDOW: Final = timedelta(days=7)
AFTER_WITHDRAWAL: Final = timedelta(days=21)
AFTER_NO: Final = timedelta(days=90)
DECLINES_UNTIL_SILENCE: Final = 2
FOLLOW_UP_AFTER: Final = timedelta(days=7)
STALE_AFTER: Final = timedelta(days=14)
SUGGEST_WITHDRAW_AFTER: Final = timedelta(days=30)
NO_ANSWER_AFTER: Final = timedelta(days=90)
PROFILE_ADVICE_BELOW: Final = 60

SAME_NOTE_RATIO: Final = 88.0  # of 100, rapidfuzz ratio of two folded notes
SAME_NOTE_LENGTH: Final = 24  # shorter notes are too alike to count
BURST_COUNT: Final = 5
BURST_WINDOW: Final = timedelta(hours=6)
FLOOD_COUNT: Final = 20  # strangers, each within FLOOD_WINDOW of the one before
FLOOD_WINDOW: Final = timedelta(minutes=1)
FLOOD_HEAVY: Final = 200  # strangers, beyond whom nobody who comes live is looked at by themselves
FLOOD_ALIKE: Final = 5  # others whose note shares words
YOUNG_ACCOUNT: Final = timedelta(days=30)
SPAM_AGAINST: Final = -6  # the sum of the spam signals from which a request is likely spam

# What each signal weighs for (+) or against (-) a request; 0 is neither good nor bad.
WEIGHTS: Final[dict[str, int]] = {
    "mutual": 3,  # each, up to MUTUAL_MOST
    "shared_interests": 2,  # each, up to INTERESTS_MOST
    "names_mutual": 4,
    "introduced": 6,
    "engaged": 3,
    "i_asked_first": 6,
    "was_connected": 2,
    "same_organisation": 3,
    "personal_note": 2,
    "complete_profile": 1,
    "first_request": 0,
    "server_trust": 0,
    "recruiter": 0,
    "job_seeker": 0,
    "business": 0,
    "no_note": 0,
    "generic_note": 0,
    "asked_before": -1,
    "young_account": -1,
    "links": -3,
    "phone_number": -3,
    "empty_profile": -3,
    "asked_again": -4,
    "shortener": -5,
    "prize_words": -5,
    "burst": -5,
    "same_note_accounts": -6,
    "same_note": -7,
    "takes_name": -8,
    "like_blocked": -9,
    "lookalike": -10,
}
MUTUAL_MOST: Final = 12
SAME_NOTE_ONCE: Final = -4  # one other person may have copied it; two are a pattern
INTERESTS_MOST: Final = 6

# The signals that speak of spam, summed for "put likely spam aside".
SPAM_SIGNALS: Final = frozenset(
    {"links", "phone_number", "empty_profile", "shortener", "prize_words", "burst", "same_note_accounts", "same_note"}
)

# What counts for a complete profile, of 100.
COMPLETENESS: Final[dict[str, int]] = {
    "name": 15,
    "headline": 20,
    "about": 20,
    "picture": 15,
    "interests": 15,
    "organisation": 5,
    "location": 10,
}
INTERESTS_FOR_COMPLETE: Final = 3
