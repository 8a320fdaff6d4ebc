"""A stream of tests that only writes down."""


class Carried:
    """A stream that only writes down."""

    def __init__(self) -> None:
        self.refused = ""
        self.manages = True
        self.standing = True
        self.said: list[str] = []

    names = ("me@x.example/here", "me@x.example", "x.example")

    def write(self, text: str) -> None:
        self.said.append(text)

    def give_up(self, reason: str) -> None:
        self.refused = reason

    async def until_over(self) -> None:
        return

    async def leave(self) -> None:
        self.standing = False
