"""The desk's clock: the computer's, or ahead of or behind it in the sample community."""

from datetime import UTC, datetime, timedelta


class DeskClock:
    """Gives the time in UTC. The sample moves `offset`, so that days of its life can pass at once."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def __call__(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC) + self.offset

    def set(self, moment: datetime) -> None:
        """Let it be `moment` now."""
        self.offset = moment - datetime.now(UTC)
