"""Units of per cent, time and measure: their spellings, and what converts exactly into what."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from api.answering.values.tokens import tokenize

if TYPE_CHECKING:
    from api.answering.values.tokens import Cursor

UnitKind = Literal["percent", "duration", "count"]

# Plural name: how many of which base unit; its spellings, commas between them.
_TABLE: Final = """
percent: 1 percent; %, percent, pct, per cent, prozent
percentage points: 1 percentage points; percentage points, percentage point, pp, % points, \
percent points
basis points: 1/100 percentage points; basis points, basis point, bps
milliseconds: 1/1000 seconds; millisecond, milliseconds, ms
seconds: 1 seconds; second, seconds, sec, secs
minutes: 60 seconds; minute, minutes, min, mins
hours: 3600 seconds; hour, hours, hr, hrs
days: 86400 seconds; day, days
weeks: 604800 seconds; week, weeks
fortnights: 1209600 seconds; fortnight, fortnights
months: 1 months; month, months
years: 12 months; year, years, yr, yrs
decades: 120 months; decade, decades
centuries: 1200 months; century, centuries
millimetres: 1/1000 metres; mm, millimetre, millimetres, millimeter, millimeters
centimetres: 1/100 metres; cm, centimetre, centimetres, centimeter, centimeters
metres: 1 metres; metre, metres, meter, meters
kilometres: 1000 metres; km, kms, kilometre, kilometres, kilometer, kilometers
inches: 1 inches; inch, inches
feet: 12 inches; foot, feet, ft
yards: 36 inches; yard, yards
miles: 63360 inches; mile, miles
milligrams: 1/1000 grams; mg, milligram, milligrams
grams: 1 grams; gram, grams, gramme, grammes
kilograms: 1000 grams; kg, kgs, kilo, kilos, kilogram, kilograms, kilogramme, kilogrammes
tonnes: 1000000 grams; tonne, tonnes, metric ton, metric tons
tons: 1 tons; ton, tons
pounds: 1 pounds; pound, pounds, lb, lbs
ounces: 1 ounces; ounce, ounces, oz
millilitres: 1/1000 litres; ml, millilitre, millilitres, milliliter, milliliters
litres: 1 litres; litre, litres, liter, liters
gallons: 1 gallons; gallon, gallons
barrels: 1 barrels; barrel, barrels
barrels of oil equivalent: 1 barrels of oil equivalent; barrels of oil equivalent, boe
square metres: 1 square metres; square metres, square metre, square meters, square meter, sq m, sqm
square kilometres: 1000000 square metres; square kilometres, square kilometre, square \
kilometers, square kilometer, sq km
hectares: 10000 square metres; hectare, hectares, ha
square feet: 1 square feet; square feet, square foot, sq ft
square miles: 1 square miles; square miles, square mile
acres: 1 acres; acre, acres
cubic metres: 1 cubic metres; cubic metres, cubic metre, cubic meters, cubic meter
watts: 1 watts; watt, watts
kilowatts: 1000 watts; kw, kilowatt, kilowatts
megawatts: 1000000 watts; mw, megawatt, megawatts
gigawatts: 1000000000 watts; gw, gigawatt, gigawatts
terawatts: 1000000000000 watts; tw, terawatt, terawatts
kilowatt-hours: 1 kilowatt-hours; kwh, kilowatt-hours, kilowatt-hour, kilowatt hours, kilowatt hour
megawatt-hours: 1000 kilowatt-hours; mwh, megawatt-hours, megawatt-hour, megawatt hours, \
megawatt hour
gigawatt-hours: 1000000 kilowatt-hours; gwh, gigawatt-hours, gigawatt-hour, gigawatt hours, \
gigawatt hour
terawatt-hours: 1000000000 kilowatt-hours; twh, terawatt-hours, terawatt-hour, terawatt hours, \
terawatt hour
degrees Celsius: 1 degrees Celsius; °c, degrees celsius, degree celsius, celsius, degrees \
centigrade, ° celsius
degrees Fahrenheit: 1 degrees Fahrenheit; °f, degrees fahrenheit, fahrenheit
degrees: 1 degrees; °, degree, degrees
miles per hour: 1 miles per hour; mph
kilometres per hour: 1 kilometres per hour; kmph, kph, km/h, kmh
knots: 1 knots; knot, knots
decibels: 1 decibels; decibel, decibels, db
horsepower: 1 horsepower; horsepower, hp, bhp
megabytes: 1/1000 gigabytes; mb, megabyte, megabytes
gigabytes: 1 gigabytes; gb, gigabyte, gigabytes
terabytes: 1000 gigabytes; tb, terabyte, terabytes
megahertz: 1 megahertz; mhz, megahertz
gigahertz: 1000 megahertz; ghz, gigahertz
calories: 1 calories; calorie, calories
times: 1 times; times
""".strip()


def _spelling(text: str) -> str:
    """A spelling as the tokens of a text, joined by spaces."""
    return " ".join(token.lower for token in tokenize(text))


_ROWS: Final = [re.split(r"[:;] ", row) for row in _TABLE.splitlines()]
_BASES: Final = {
    name: (base, Fraction(factor))
    for name, measure, _ in _ROWS
    for factor, base in [measure.split(" ", 1)]
}
_SPELLINGS: Final = {
    _spelling(spelling): name for name, _, spellings in _ROWS for spelling in spellings.split(", ")
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


def is_exact_unit(unit: str) -> bool:
    """Whether a unit is a currency's code or one of per cent, time or measure, not a mere noun."""
    return unit in _BASES or (len(unit) == 3 and unit.isupper())


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
        if not cursor.word(("ago", "earlier", "later", "before", "after")):
            return _SINGULAR.get(unit, unit.removesuffix("s"))
    elif noun := _last_noun(cursor):
        return noun
    cursor.at = start
    return None


def _last_noun(cursor: Cursor) -> str | None:
    """Take a noun that a clause ends with: "$13,000 a plane, and"."""
    token, following = cursor.peek(), cursor.peek(1)
    if token is None or token.kind != "word" or token.text != token.lower or token.lower == "lot":
        return None
    if following is not None and following.text not in ".,;:)":
        return None
    cursor.at += 1
    return token.lower
