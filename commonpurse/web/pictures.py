"""Pictures as numbers: where each band, bar and word of a drawing stands.

A template draws what is returned here as inline SVG: classes give colour, attributes give size. No
figure is drawn that the table under the picture does not also give.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Amount:
    """One named amount of a picture, in minor units, and the class that colours it."""

    label: str
    minor: int
    colour: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The label as it stands in a drawing: in two lines where one has no room for it.

        SVG breaks no lines by itself. The cut is made where the longer line becomes shortest.
        """
        words = self.label.split(" ")
        if len(self.label) <= LINE_MAX or len(words) == 1:
            return (self.label,)
        cuts = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words)))
        return min(cuts, key=lambda cut: max(map(len, cut)))

    @property
    def words_height(self) -> float:
        """How much height the label takes, with its amount in a line of its own."""
        return (len(self.lines) + 1) * LINE_HEIGHT


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle with the words beside it; lengths in the drawing's own units."""

    amount: Amount
    x: float
    y: float
    width: float
    height: float

    @property
    def words(self) -> tuple[tuple[str, float], ...]:
        """The lines of the label beside a standing bar, each with the height of its foot."""
        top = self.y + (self.height - self.amount.words_height) / 2
        return tuple(
            (line, round(top + place * LINE_HEIGHT - LINE_FOOT, 2))
            for place, line in enumerate(self.amount.lines, start=1)
        )

    @property
    def amount_y(self) -> float:
        """The height at which the amount stands, under the label."""
        return round(self.words[-1][1] + LINE_HEIGHT, 2)


@dataclass(frozen=True, slots=True)
class Band:
    """A flow from one bar to another, as an SVG path."""

    path: str
    colour: str


@dataclass(frozen=True, slots=True)
class Flow:
    """Money in on one side, what is held and what was paid out on the other."""

    height: int
    sources: tuple[Bar, ...]
    middles: tuple[Bar, ...]
    ends: tuple[Bar, ...]
    bands: tuple[Band, ...]


SOURCE_X, MIDDLE_X, END_X, BAR_WIDTH = 206.0, 410.0, 610.0, 14.0
"""The bars of a drawing that is 840 wide: each label has some 195 beside its bar."""
FLOW_HEIGHT = 300.0
GAP_SMALL, GAP_LARGE, TOP = 14.0, 62.0, 40.0
BAR_MIN = 2.0
LINE_MAX = 22
"""So many letters have room in one line beside a bar, in a wide face and in bold."""
LINE_HEIGHT, LINE_FOOT = 15.0, 4.0


def flow(*, sources: Sequence[Amount], held: Sequence[Amount], out: Sequence[Amount]) -> Flow:
    """The picture of a fund: what came in, what is still here, where the rest went.

    Each source is shared between held and paid out in proportion, because money has no memory of
    where it came from. Amounts of zero or less are left to the table.
    """
    sources = [item for item in sources if item.minor > 0]
    held = [item for item in held if item.minor > 0]
    out = [item for item in out if item.minor > 0]
    held_sum, out_sum = sum(item.minor for item in held), sum(item.minor for item in out)
    middle = [
        item
        for item in (Amount("held", held_sum, "f-cleared"), Amount("out", out_sum, "f-out"))
        if item.minor > 0
    ]
    tallest = max(sum(item.minor for item in sources), held_sum + out_sum, 1)
    scale = FLOW_HEIGHT / tallest
    source_bars = column(sources, SOURCE_X, TOP, GAP_SMALL, scale)
    middle_bars = column(middle, MIDDLE_X, TOP, GAP_LARGE, scale)
    end_bars = column([*held, *out], END_X, TOP / 2, GAP_SMALL, scale)
    bands = (
        *bands_in(source_bars, middle_bars, scale),
        *bands_out(middle_bars, end_bars, len(held), scale),
    )
    bottom = max(
        (bar.y + bar.height for bar in (*source_bars, *middle_bars, *end_bars)), default=0.0
    )
    return Flow(round(bottom + TOP), source_bars, middle_bars, end_bars, bands)


def column(
    amounts: Sequence[Amount], x: float, top: float, gap: float, scale: float
) -> tuple[Bar, ...]:
    """Bars one under another, each with room for the words beside it."""
    bars, y = [], top
    for amount in amounts:
        height = max(amount.minor * scale, BAR_MIN)
        room = max(height, amount.words_height)
        bars.append(Bar(amount, x, round(y + (room - height) / 2, 2), BAR_WIDTH, round(height, 2)))
        y += room + gap
    return tuple(bars)


def band(x0: float, y0: float, x1: float, y1: float, height: float, colour: str) -> Band:
    """A band of one height between two bars, bent in the middle."""
    bend = round((x0 + x1) / 2, 2)
    path = (
        f"M{x0:g} {y0:.2f}C{bend:g} {y0:.2f} {bend:g} {y1:.2f} {x1:g} {y1:.2f}"
        f"V{y1 + height:.2f}C{bend:g} {y1 + height:.2f} {bend:g} {y0 + height:.2f} "
        f"{x0:g} {y0 + height:.2f}Z"
    )
    return Band(path, colour)


def bands_in(sources: Sequence[Bar], middles: Sequence[Bar], scale: float) -> list[Band]:
    """Each source's bands to held and to paid out, in proportion."""
    bands: list[Band] = []
    total = sum(bar.amount.minor for bar in middles)
    arrive = {bar.amount.label: bar.y for bar in middles}
    came_in = sum(bar.amount.minor for bar in sources)
    for source in sources:
        leave = source.y
        for target in middles:
            height = source.amount.minor * target.amount.minor / max(total, came_in) * scale
            y1 = arrive[target.amount.label]
            bands.append(
                band(source.x + BAR_WIDTH, leave, target.x, y1, height, source.amount.colour)
            )
            leave += height
            arrive[target.amount.label] = y1 + height
    return bands


def bands_out(
    middles: Sequence[Bar], ends: Sequence[Bar], held_count: int, scale: float
) -> list[Band]:
    """From held to its parts, and from paid out to where it went."""
    bands: list[Band] = []
    leave = {bar.amount.label: bar.y for bar in middles}
    for place, end in enumerate(ends):
        label = "held" if place < held_count else "out"
        height = end.amount.minor * scale
        y0 = leave[label]
        bands.append(band(MIDDLE_X + BAR_WIDTH, y0, end.x, end.y, height, end.amount.colour))
        leave[label] = y0 + height
    return bands


@dataclass(frozen=True, slots=True)
class Line:
    """A balance over time: a step line in a box of `width` × `height`, at its place in a drawing.

    `left` and `top` leave room for the words beside and above the box.
    """

    left: float
    top: float
    width: float
    height: float
    path: str
    area: str
    zero_y: float
    low_y: float

    @property
    def right(self) -> float:
        """Where the box ends."""
        return self.left + self.width

    @property
    def drawing_width(self) -> float:
        """The width of the whole drawing."""
        return self.right + EDGE

    @property
    def drawing_height(self) -> float:
        """The height of the whole drawing, with the days under the box."""
        return self.top + self.height + DAYS_ROOM

    @property
    def days_y(self) -> float:
        """Where the days stand."""
        return self.top + self.height + DAYS_ROOM - EDGE


@dataclass(frozen=True, slots=True)
class Lines:
    """The same balance drawn for a wide and for a narrow place, with what its axes say."""

    wide: Line
    narrow: Line
    high_minor: int
    low_minor: int


EDGE, DAYS_ROOM = 6.0, 28.0


def lines(points: Sequence[tuple[int, int]]) -> Lines:
    """Both drawings of a balance: amounts stand left of the wide one and above the narrow one."""
    values = [value for _, value in points]
    return Lines(
        wide=line(points, left=96, top=14, width=738, height=170),
        narrow=line(points, left=EDGE, top=26, width=348, height=150),
        high_minor=max(0, *values),
        low_minor=min(0, *values),
    )


def line(
    points: Sequence[tuple[int, int]], *, left: float, top: float, width: float, height: float
) -> Line:
    """A step line through (day number, minor units), days ascending; amounts start at zero."""
    first, last = points[0][0], points[-1][0]
    high = max(0, *(value for _, value in points))
    low = min(0, *(value for _, value in points))
    span_x, span_y = max(last - first, 1), max(high - low, 1)

    def place(day: int, value: int) -> tuple[float, float]:
        return (
            round(left + (day - first) / span_x * width, 2),
            round(top + (high - value) / span_y * height, 2),
        )

    start_x, start_y = place(*points[0])
    path = [f"M{start_x:g} {start_y:g}"]
    for day, value in points[1:]:
        x, y = place(day, value)
        path.append(f"H{x:g}V{y:g}")
    zero_y = place(first, 0)[1]
    drawn = "".join(path)
    return Line(
        left=left,
        top=top,
        width=width,
        height=height,
        path=drawn,
        area=f"{drawn}V{zero_y:g}H{left:g}Z",
        zero_y=zero_y,
        low_y=place(first, low)[1],
    )
