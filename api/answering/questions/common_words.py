"""Capitalised words that are no names to look up: titles, days, peoples, and how questions begin.

All are folded (`index.folding`).
"""

from __future__ import annotations

from typing import Final

TITLES: Final = frozenset(
    "mr mrs ms miss mx dr sir dame lord lady prof professor rev reverend saint st king queen "
    "prince princess duke duchess pope cardinal archbishop bishop imam rabbi president vice "
    "premier prime minister chancellor secretary senator congressman congresswoman representative "
    "governor mayor councillor cllr mp mep msp ambassador judge justice general colonel major "
    "captain lieutenant sergeant admiral commissioner commander constable inspector "
    "superintendent chief chair chairman chairwoman chairperson director manager head officer "
    "executive founder co-founder cofounder ceo cfo coo cto cio evp svp vp md pm coach doctor "
    "detective deputy former".split()
)
_TIMES: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december jan feb mar apr jun jul aug sep sept "
    "oct nov dec mon tue wed thu fri sat sun spring summer autumn fall winter christmas easter "
    "ramadan diwali hanukkah thanksgiving halloween new year q1 q2 q3 q4 h1 h2 fy am pm gmt utc "
    "bst cet est ad bc bce".split()
)
_PEOPLES: Final = frozenset(
    "afghan african albanian algerian american arab argentine argentinian asian australian "
    "austrian bangladeshi belarusian belgian bolivian brazilian british briton britons bulgarian "
    "cambodian canadian catalan chilean chinese colombian croatian cuban cypriot czech dane "
    "danish dutch egyptian emirati english estonian ethiopian european filipino finn finnish "
    "french frenchman georgian german germans ghanaian greek hungarian icelandic indian "
    "indonesian iranian iraqi irish israeli italian jamaican japanese jewish jordanian kenyan "
    "korean kuwaiti latvian lebanese libyan lithuanian malaysian maltese mexican mongolian "
    "moroccan muslim christian catholic protestant hindu buddhist nepalese nigerian nordic "
    "norwegian omani pakistani palestinian peruvian polish pole portuguese qatari romanian "
    "russian rwandan saudi scot scots scottish serbian serb singaporean slovak slovenian somali "
    "spaniard spanish sudanese swede swedish swiss syrian taiwanese tanzanian thai tunisian turk "
    "turkish ugandan ukrainian uruguayan venezuelan vietnamese welsh yemeni zambian zimbabwean "
    "scandinavian baltic balkan iberian mediterranean latin western eastern northern "
    "southern".split()
)
_GENERAL: Final = frozenset(
    "ipo ai it ict tv gdp gnp cpi ebitda ebit eps roi vat hr pr r&d m&a esg faq usd eur gbp inr "
    "cny jpy chf usa us uk uae eu un u.s u.k uk's internet web english a/c dna rna gpu gpus cpu "
    "cpus twh gwh mwh kwh tw gw mw kw tb gb mb pb km kg mph covid covid-19 hiv aids god earth "
    "moon sun west east north south i ii iii iv".split()
)
# "Iranians", "MPs": a text seldom names those who act by that name.
_SEVERAL: Final = frozenset(
    {"mps", *(f"{word}s" for word in _PEOPLES if word.endswith(("an", "i")))}
)
COMMON: Final = TITLES | _TIMES | _PEOPLES | _SEVERAL | _GENERAL

OPENERS: Final = frozenset(
    "who whom whose what which when where why how is are was were am be been being do does did "
    "has have had can could will would shall should may might must the a an in on at by for from "
    "to of with without within under over after before during since until till about against "
    "among between through across per as if than and or but not no any all both each every some "
    "many much more most few several name names besides despite like unlike following given "
    "alongside versus list give tell show find state explain describe summarise summarize compare "
    "define identify mention please according regarding concerning roughly approximately exactly "
    "overall currently today yesterday tomorrow once there this that these those it its he she "
    "they his her their our your my we you i let say quote count compute calculate estimate check "
    "confirm look search".split()
)
