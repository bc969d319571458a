"""Units of per cent, time and measure: their spellings, and what converts exactly into what."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from api.answering.values.tokens import Cursor

UnitKind = Literal["percent", "duration", "count"]

# Plural name: base unit, how many of it, other spellings. Spellings are in lower case.
_TABLE: Final[dict[str, tuple[str, str, str]]] = {
    "percent": ("percent", "1", "% percent pct per_cent prozent"),
    "percentage points": ("percentage points", "1", "percentage_points percentage_point pp %_points"
                          " percent_points"),
    "basis points": ("percentage points", "1/100", "basis_points basis_point bps"),
    "milliseconds": ("seconds", "1/1000", "millisecond milliseconds ms"),
    "seconds": ("seconds", "1", "second seconds sec secs"),
    "minutes": ("seconds", "60", "minute minutes min mins"),
    "hours": ("seconds", "3600", "hour hours hr hrs"),
    "days": ("seconds", "86400", "day days"),
    "weeks": ("seconds", "604800", "week weeks"),
    "fortnights": ("seconds", "1209600", "fortnight fortnights"),
    "months": ("months", "1", "month months"),
    "years": ("months", "12", "year years yr yrs"),
    "decades": ("months", "120", "decade decades"),
    "centuries": ("months", "1200", "century centuries"),
    "millimetres": ("metres", "1/1000", "mm millimetre millimetres millimeter millimeters"),
    "centimetres": ("metres", "1/100", "cm centimetre centimetres centimeter centimeters"),
    "metres": ("metres", "1", "metre metres meter meters"),
    "kilometres": ("metres", "1000", "km kms kilometre kilometres kilometer kilometers"),
    "inches": ("inches", "1", "inch inches"),
    "feet": ("inches", "12", "foot feet ft"),
    "yards": ("inches", "36", "yard yards"),
    "miles": ("inches", "63360", "mile miles"),
    "milligrams": ("grams", "1/1000", "mg milligram milligrams"),
    "grams": ("grams", "1", "gram grams gramme grammes"),
    "kilograms": ("grams", "1000", "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes"),
    "tonnes": ("grams", "1000000", "tonne tonnes metric_ton metric_tons"),
    "tons": ("tons", "1", "ton tons"),
    "pounds": ("pounds", "1", "pound pounds lb lbs"),
    "ounces": ("ounces", "1", "ounce ounces oz"),
    "millilitres": ("litres", "1/1000", "ml millilitre millilitres milliliter milliliters"),
    "litres": ("litres", "1", "litre litres liter liters"),
    "gallons": ("gallons", "1", "gallon gallons"),
    "barrels": ("barrels", "1", "barrel barrels"),
    "barrels of oil equivalent": ("barrels of oil equivalent", "1", "barrels_of_oil_equivalent "
                                  "boe"),
    "square metres": ("square metres", "1", "square_metres square_metre square_meters "
                      "square_meter sq_m sqm"),
    "square kilometres": ("square metres", "1000000", "square_kilometres square_kilometre "
                          "square_kilometers square_kilometer sq_km"),
    "hectares": ("square metres", "10000", "hectare hectares ha"),
    "square feet": ("square feet", "1", "square_feet square_foot sq_ft"),
    "square miles": ("square miles", "1", "square_miles square_mile"),
    "acres": ("acres", "1", "acre acres"),
    "cubic metres": ("cubic metres", "1", "cubic_metres cubic_metre cubic_meters cubic_meter"),
    "watts": ("watts", "1", "watt watts"),
    "kilowatts": ("watts", "1000", "kw kilowatt kilowatts"),
    "megawatts": ("watts", "1000000", "mw megawatt megawatts"),
    "gigawatts": ("watts", "1000000000", "gw gigawatt gigawatts"),
    "terawatts": ("watts", "1000000000000", "tw terawatt terawatts"),
    "kilowatt-hours": ("kilowatt-hours", "1", "kwh kilowatt-hours kilowatt-hour kilowatt_hours "
                       "kilowatt_hour"),
    "megawatt-hours": ("kilowatt-hours", "1000", "mwh megawatt-hours megawatt-hour megawatt_hours "
                       "megawatt_hour"),
    "gigawatt-hours": ("kilowatt-hours", "1000000", "gwh gigawatt-hours gigawatt-hour "
                       "gigawatt_hours gigawatt_hour"),
    "terawatt-hours": ("kilowatt-hours", "1000000000", "twh terawatt-hours terawatt-hour "
                       "terawatt_hours terawatt_hour"),
    "degrees Celsius": ("degrees Celsius", "1", "°c degrees_celsius degree_celsius celsius "
                        "degrees_centigrade °_celsius"),
    "degrees Fahrenheit": ("degrees Fahrenheit", "1", "°f degrees_fahrenheit fahrenheit"),
    "degrees": ("degrees", "1", "° degree degrees"),
    "miles per hour": ("miles per hour", "1", "mph"),
    "kilometres per hour": ("kilometres per hour", "1", "kmph kph km/h kmh"),
    "knots": ("knots", "1", "knot knots"),
    "decibels": ("decibels", "1", "decibel decibels db"),
    "horsepower": ("horsepower", "1", "horsepower hp bhp"),
    "megabytes": ("gigabytes", "1/1000", "mb megabyte megabytes"),
    "gigabytes": ("gigabytes", "1", "gb gigabyte gigabytes"),
    "terabytes": ("gigabytes", "1000", "tb terabyte terabytes"),
    "megahertz": ("megahertz", "1", "mhz megahertz"),
    "gigahertz": ("megahertz", "1000", "ghz gigahertz"),
    "calories": ("calories", "1", "calorie calories"),
    "times": ("times", "1", "times"),
}  # fmt: skip
_BASES: Final = {name: (base, Fraction(factor)) for name, (base, factor, _) in _TABLE.items()}
_SPELLINGS: Final = {
    spelling.replace("_", " ").replace("-", " - ").replace("/", " / "): name
    for name, (_, _, spellings) in _TABLE.items()
    for spelling in spellings.split()
}
_LONGEST: Final = max(len(spelling.split()) for spelling in _SPELLINGS)
_PERCENT: Final = frozenset({"percent", "percentage points", "basis points"})
_DURATIONS: Final = frozenset(name for name, base in _BASES.items() if base[0] in (
    "seconds", "months"))  # fmt: skip
# What a rate may be of, beside the units of time and measure.
_DENOMINATORS: Final = {
    "share": "share", "shares": "share", "head": "head", "person": "person", "unit": "unit",
    "seat": "seat", "ticket": "ticket", "night": "night", "copy": "copy", "call": "call",
    "child": "child", "household": "household", "customer": "customer", "passenger": "passenger",
    "capita": "capita", "bottle": "bottle", "game": "game", "match": "match", "season": "season",
    "quarter": "quarter", "annum": "year", "piece": "piece", "pop": "piece", "therm": "therm",
    "employee": "employee", "worker": "worker", "pupil": "pupil", "student": "student",
    "vehicle": "vehicle", "car": "car", "visit": "visit", "episode": "episode", "litre": "litre",
    "pint": "pint", "bushel": "bushel", "token": "token", "user": "user", "subscriber":
    "subscriber", "home": "home", "family": "family", "point": "point", "order": "order",
}  # fmt: skip
_ADVERBS: Final = {
    "apiece": "piece", "each": "piece", "annually": "year", "yearly": "year", "monthly": "month",
    "weekly": "week", "daily": "day", "hourly": "hour", "nightly": "night",
}  # fmt: skip
_SINGULAR: Final = {"feet": "foot", "inches": "inch", "centuries": "century"}


def base_unit(unit: str | None) -> tuple[str | None, Fraction]:
    """The unit that a unit converts into exactly, and how many of it that is."""
    if unit is None:
        return None, Fraction(1)
    name, per, denominator = unit.partition(" per ")
    if unit in _BASES:
        return _BASES[unit]
    base, factor = _BASES.get(name, (name, Fraction(1)))
    return f"{base}{per}{denominator}", factor


def unit_kind(unit: str) -> UnitKind:
    """Which kind of value a unit makes."""
    if unit in _PERCENT:
        return "percent"
    return "duration" if unit in _DURATIONS else "count"


def take_unit(cursor: Cursor) -> str | None:
    """Take a unit after a figure: "per cent", "GW", "square miles", "-day"; give its name."""
    for length in range(_LONGEST, 0, -1):
        words = [cursor.peek(ahead) for ahead in range(length)]
        name = _SPELLINGS.get(" ".join(word.lower for word in words if word is not None))
        if name is not None and None not in words:
            cursor.at += length
            return name
    return None


def take_rate(cursor: Cursor, *, figured: bool = True) -> str | None:
    """Take what a rate is of: "a share", "per tonne", "/kg", "apiece"; give it in the singular."""
    start = cursor.at
    if adverb := cursor.word(_ADVERBS):
        return _ADVERBS[adverb]
    if not figured or not cursor.word(("a", "an", "per", "/", "every")):
        return None
    if word := cursor.word(_DENOMINATORS):
        if word != "share" or not cursor.word(("of",)):
            return _DENOMINATORS[word]
    elif unit := take_unit(cursor):
        if not cursor.word(("ago", "earlier", "later", "before", "after", "from", "and", "in")):
            return _SINGULAR.get(unit, unit.removesuffix("s"))
    cursor.at = start
    return None
