"""Currencies: symbols, codes and names, before or after a figure.

A symbol or name that one country's currency is usually meant by gets its code ("$", "Rs",
"pounds"); one that several share gets its plain name until a country is said ("shillings").
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from api.answering.values.tokens import Cursor, Token

# Code: names in the singular; those without their country only where no other country's is meant.
_NAMES: Final = {
    "USD": "dollar, us dollar, u.s dollar, american dollar, greenback", "EUR": "euro",
    "GBP": "pound, pound sterling, british pound, quid", "JPY": "yen, japanese yen",
    "CNY": "yuan, renminbi, chinese yuan, rmb", "INR": "rupee, indian rupee",
    "KRW": "won, south korean won, korean won", "CHF": "swiss franc",
    "CAD": "canadian dollar", "AUD": "australian dollar", "NZD": "new zealand dollar",
    "HKD": "hong kong dollar", "SGD": "singapore dollar", "TWD": "new taiwan dollar, taiwan dollar",
    "JMD": "jamaican dollar", "FJD": "fijian dollar, fiji dollar", "NAD": "namibian dollar",
    "ZWL": "zimbabwean dollar", "SEK": "krona, kronor, swedish krona, swedish kronor",
    "NOK": "norwegian krone, norwegian kroner, norwegian crown",
    "DKK": "danish krone, danish kroner, danish crown",
    "ISK": "icelandic krona, icelandic krónur, króna, krónur, kronur",
    "CZK": "koruna, czech koruna, czech crown", "PLN": "zloty, złoty, polish zloty, polish złoty",
    "HUF": "forint, hungarian forint", "RON": "leu, lei, romanian leu", "BGN": "lev, leva",
    "RUB": "rouble, ruble, russian rouble, russian ruble", "UAH": "hryvnia, hryvnya",
    "TRY": "turkish lira", "LBP": "lebanese pound, lebanese lira", "EGP": "egyptian pound",
    "SYP": "syrian pound", "SDG": "sudanese pound", "SSP": "south sudanese pound",
    "ILS": "shekel, israeli shekel, new israeli shekel", "SAR": "saudi riyal",
    "QAR": "qatari riyal", "OMR": "omani rial", "IRR": "iranian rial", "AED": "uae dirham, "
    "emirati dirham", "MAD": "moroccan dirham", "KWD": "kuwaiti dinar", "IQD": "iraqi dinar",
    "JOD": "jordanian dinar", "BHD": "bahraini dinar", "TND": "tunisian dinar",
    "DZD": "algerian dinar", "RSD": "serbian dinar", "ZAR": "rand, south african rand",
    "NGN": "naira, nigerian naira", "GHS": "cedi, ghanaian cedi", "KES": "kenyan shilling",
    "UGX": "ugandan shilling", "TZS": "tanzanian shilling", "SOS": "somali shilling",
    "RWF": "rwandan franc", "XOF": "west african franc", "XAF": "central african franc",
    "ETB": "birr, ethiopian birr", "ZMW": "zambian kwacha", "MWK": "malawian kwacha",
    "BWP": "pula, botswana pula", "MUR": "mauritian rupee", "PKR": "pakistani rupee",
    "LKR": "sri lankan rupee", "NPR": "nepali rupee, nepalese rupee", "BDT": "taka, "
    "bangladeshi taka", "MYR": "ringgit, malaysian ringgit", "IDR": "rupiah, indonesian rupiah",
    "THB": "baht, thai baht", "VND": "dong, vietnamese dong", "PHP": "philippine peso, "
    "filipino peso", "MXN": "mexican peso", "ARS": "argentine peso, argentinian peso",
    "CLP": "chilean peso", "COP": "colombian peso", "UYU": "uruguayan peso", "CUP": "cuban peso",
    "DOP": "dominican peso", "BRL": "brazilian real, reais, reai", "PEN": "peruvian sol",
    "PGK": "kina", "KZT": "tenge", "GEL": "lari", "MNT": "tugrik",
}  # fmt: skip
_SHARED: Final = {
    "franc": "francs", "peso": "pesos", "kroner": "kroner", "krone": "kroner", "crown": "crowns",
    "shilling": "shillings", "dinar": "dinars", "riyal": "riyals", "rial": "rials",
    "dirham": "dirhams", "lira": "lira", "kwacha": "kwacha",
}  # fmt: skip
_SYMBOLS: Final = {
    "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY",
    "₪": "ILS", "₦": "NGN", "₴": "UAH", "₫": "VND", "฿": "THB", "₱": "PHP", "₵": "GHS", "₸": "KZT",
    "₨": "INR", "₡": "CRC", "zł": "PLN",
}  # fmt: skip
_DOLLARS: Final = {
    "us": "USD", "u.s": "USD", "c": "CAD", "ca": "CAD", "can": "CAD", "cdn": "CAD", "a": "AUD",
    "au": "AUD", "aus": "AUD", "nz": "NZD", "hk": "HKD", "s": "SGD", "sg": "SGD", "nt": "TWD",
    "r": "BRL", "j": "JMD", "fj": "FJD", "n": "NAD", "mx": "MXN",
}  # fmt: skip
# Letters before a figure, by case. "K" and "P" are of several countries, as "Sh" is.
_LETTERS: Final = {
    "Rs": "INR", "Re": "INR", "RM": "MYR", "Rp": "IDR", "R": "ZAR", "N": "NGN", "Sh": "shillings",
    "KSh": "KES", "Ksh": "KES", "KSH": "KES", "USh": "UGX", "Ush": "UGX", "TSh": "TZS",
    "Tsh": "TZS", "Shs": "shillings", "K": "K", "P": "P", "GH": "GHS", "Tk": "BDT", "kr": "kroner",
    "Fr": "francs", "SFr": "CHF", "Sfr": "CHF", "RMB": "CNY", "Ft": "HUF", "Dh": "dirhams",
    "Dhs": "dirhams", "Php": "PHP",
}  # fmt: skip
_SPACED_LETTERS: Final = frozenset("Rs Re RM Rp Sh Shs KSh Ksh Tk RMB kr SFr Php Dh Dhs".split())
_CODES: Final = frozenset(_NAMES) | {"CRC", "BOB", "PYG", "AOA", "MZN", "XCD", "TTD", "BBD", "MMK"}
_COUNTRIES: Final = {"canadian": "CAD", "australian": "AUD", "us": "USD", "american": "USD"}
# Hundredths: "285p", "20 cents", "32 paise".
_HUNDREDTHS: Final = {
    "p": "GBP", "pence": "GBP", "penny": "GBP", "paise": "INR", "paisa": "INR", "cent": "USD",
    "cents": "USD", "¢": "USD", "eurocents": "EUR", "kobo": "NGN", "sen": "MYR",
    "pesewas": "GHS", "pesewa": "GHS", "rappen": "CHF",
}  # fmt: skip


def _plurals(name: str) -> tuple[str, ...]:
    return (name, f"{name}s", name.replace("pound ", "pounds "))


_BY_NAME: Final = {
    form: code
    for code, names in _NAMES.items()
    for name in names.split(", ")
    for form in _plurals(name)
} | {form: unit for name, unit in _SHARED.items() for form in _plurals(name)}
_LONGEST: Final = max(len(name.split()) for name in _BY_NAME)


def take_prefix(cursor: Cursor) -> str | None:
    """Take a currency that stands before a figure: "$", "US$", "Rs", "EUR"."""
    token, following = cursor.peek(), cursor.peek(1)
    code, length = None, 1
    if token is None:
        return None
    if token.text in _SYMBOLS:
        code = _SYMBOLS[token.text]
    elif following is not None and token.kind == "word":
        if following.text == "$" and not following.spaced:
            code, length = _DOLLARS.get(token.lower), 2
        elif token.text == "GH" and following.text in "₵¢":
            code, length = "GHS", 2
        else:
            length = 2 if following.text == "." and not following.spaced else 1
            code = _lettered(token.text, cursor.peek(length))
    if code is not None:
        cursor.at += length
    return code


def _lettered(letters: str, figure: Token | None) -> str | None:
    """The currency of letters before a figure."""
    if figure is None or figure.kind != "figure":
        return None
    spaced = letters in _SPACED_LETTERS or letters in _CODES
    if figure.spaced and not spaced:
        return None
    return letters if letters in _CODES else _LETTERS.get(letters)


def take_suffix(
    cursor: Cursor, *, scaled: bool, euros: bool = False
) -> tuple[str, Fraction] | None:
    """Take a currency that stands after a figure, with how much of it the figure counts.

    Args:
        cursor: Where to begin; moved on past the currency.
        scaled: Whether a scale came before, so that "pounds" are not a weight.
        euros: Whether the sentence speaks of euros, so that cents are theirs.
    """
    token = cursor.peek()
    if token is None:
        return None
    if token.text in _SYMBOLS or token.text in _CODES:
        cursor.at += 1
        return _SYMBOLS.get(token.text, token.text), Fraction(1)
    if token.lower in _HUNDREDTHS and (token.lower != "p" or not token.spaced):
        cursor.at += 1
        code = "EUR" if euros and token.lower in ("cent", "cents") else _HUNDREDTHS[token.lower]
        return code, Fraction(1, 100)
    for length in range(_LONGEST, 0, -1):
        words = [cursor.peek(ahead) for ahead in range(length)]
        name = " ".join(word.lower for word in words if word is not None)
        named = _BY_NAME.get(name)
        weight = name in ("pound", "pounds") and not scaled
        if named is not None and None not in words and not weight:
            cursor.at += length
            return named, Fraction(1)
    return None


def take_country(cursor: Cursor) -> str | None:
    """Take whose dollars they are, of "$22 million Canadian"."""
    word = cursor.word(_COUNTRIES)
    return None if word is None else _COUNTRIES[word]
