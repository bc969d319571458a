"""Countries, and the states and provinces of the larger ones, by name; all folded."""

from __future__ import annotations

import re
from typing import Final

from index.folding import fold, plain_marks

_COUNTRIES: Final = (
    "afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan "
    "bahamas bahrain bangladesh barbados belarus belgium belize benin bhutan bolivia "
    "bosnia-herzegovina botswana brazil britain brunei bulgaria burma burundi cambodia cameroon "
    "canada chad chile china colombia congo croatia cuba cyprus czechia denmark djibouti dominica "
    "ecuador egypt england eritrea estonia eswatini ethiopia fiji finland france gabon gambia "
    "georgia germany ghana greece greenland grenada guatemala guinea guyana haiti honduras "
    "hungary iceland india indonesia iran iraq ireland israel italy jamaica japan jordan "
    "kazakhstan kenya kiribati kosovo kuwait kyrgyzstan laos latvia lebanon lesotho liberia libya "
    "liechtenstein lithuania luxembourg madagascar malawi malaysia maldives mali malta mauritania "
    "mauritius mexico micronesia moldova monaco mongolia montenegro morocco mozambique myanmar "
    "namibia nauru nepal netherlands nicaragua niger nigeria norway oman pakistan palau palestine "
    "panama paraguay peru philippines poland portugal qatar romania russia rwanda samoa scotland "
    "senegal serbia seychelles singapore slovakia slovenia somalia spain sudan suriname sweden "
    "switzerland syria taiwan tajikistan tanzania thailand togo tonga tunisia turkey turkiye "
    "turkmenistan tuvalu uganda uk ukraine uruguay us usa u.s u.k uae uzbekistan vanuatu "
    "venezuela vietnam wales yemen zambia zimbabwe america emirates"
)
_LONG_COUNTRIES: Final = (
    "antigua and barbuda|bosnia and herzegovina|burkina faso|cabo verde|cape verde|"
    "central african republic|costa rica|cote d'ivoire|ivory coast|czech republic|"
    "dominican republic|east timor|el salvador|equatorial guinea|great britain|guinea-bissau|"
    "hong kong|marshall islands|new zealand|north korea|north macedonia|northern ireland|"
    "papua new guinea|saint lucia|san marino|saudi arabia|sierra leone|solomon islands|"
    "south africa|south korea|south sudan|sri lanka|trinidad and tobago|united arab emirates|"
    "united kingdom|united states|vatican city|faroe islands"
)
_STATES: Final = (
    "alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|"
    "hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|"
    "michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new hampshire|new jersey|"
    "new mexico|new york|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania|"
    "rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington|"
    "west virginia|wisconsin|wyoming|"
    # Australia, India, Germany, Brazil, Mexico, Malaysia, Nigeria
    "new south wales|queensland|south australia|tasmania|victoria|western australia|"
    "andhra pradesh|assam|bihar|chhattisgarh|goa|gujarat|haryana|himachal pradesh|jharkhand|"
    "karnataka|kerala|madhya pradesh|maharashtra|manipur|meghalaya|mizoram|nagaland|odisha|punjab|"
    "rajasthan|sikkim|tamil nadu|telangana|tripura|uttar pradesh|uttarakhand|west bengal|"
    "baden-wurttemberg|bavaria|berlin|brandenburg|bremen|hamburg|hesse|lower saxony|"
    "mecklenburg-vorpommern|north rhine-westphalia|rhineland-palatinate|saarland|saxony|"
    "saxony-anhalt|schleswig-holstein|thuringia|sao paulo|rio de janeiro|minas gerais|bahia|"
    "parana|rio grande do sul|jalisco|nuevo leon|sonora|chihuahua|sinaloa|oaxaca|johor|penang|"
    "sabah|sarawak|selangor|lagos|kano|rivers|borno|kaduna"
)


def _any_of(names: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")


_COUNTRY: Final = _any_of([*_LONG_COUNTRIES.split("|"), *_COUNTRIES.split()])
_STATE: Final = _any_of(_STATES.split("|"))


def names_country(words: str) -> bool:
    """Whether some words hold the name of a country: "Sri Lanka", "the UK", "Cork in Ireland"."""
    return _COUNTRY.search(fold(plain_marks(words))) is not None


def is_country(words: str) -> bool:
    """Whether some words are the name of a country and nothing else."""
    return _COUNTRY.fullmatch(fold(plain_marks(words)).removeprefix("the ")) is not None


def names_state(words: str) -> bool:
    """Whether some words hold the name of a state of a larger country: "Ohio", "Lille, Texas"."""
    return _STATE.search(fold(plain_marks(words))) is not None


def is_state(words: str) -> bool:
    """Whether some words are the name of a state of a larger country and nothing else."""
    return _STATE.fullmatch(fold(plain_marks(words))) is not None


def is_country_or_state(words: str) -> bool:
    """Whether some words are the name of a country, or of a state of a larger one."""
    return is_country(words) or is_state(words)
