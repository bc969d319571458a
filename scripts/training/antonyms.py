"""Words whose exchange turns a question round."""

_PAIRS = (
    "first last|oldest newest|before after|largest smallest|biggest smallest|highest lowest|"
    "most least|more less|more fewer|increase decrease|increased decreased|rise fall|rose fell|"
    "early late|earlier later|north south|east west|northern southern|eastern western|"
    "beginning end|began ended|begin end|start stop|started stopped|major minor|best worst|"
    "above below|inside outside|same different|positive negative|male female|men women|"
    "old new|older younger|longest shortest|long short|high low|higher lower|large small|"
    "larger smaller|greater lesser|maximum minimum|win lose|won lost|accept reject|"
    "accepted rejected|gain lose|gained lost|join leave|joined left|open close|opened closed|"
    "good bad|strong weak|strongest weakest|stronger weaker|rich poor|public private|"
    "internal external|ancient modern|include exclude|included excluded|legal illegal|"
    "common rare|popular unpopular|built destroyed|create destroy|created destroyed|support oppose|"
    "supported opposed|buy sell|bought sold|majority minority|upper lower|summer winter|"
    "father mother|son daughter|brother sister|husband wife|king queen|buying selling|"
    "always never|allowed forbidden|permitted banned|left right|easy difficult|hot cold|"
    "warm cool|fast slow|faster slower|fastest slowest|day night|import export|urban rural|"
    "spring autumn|causes prevents|cause prevent|caused prevented|produce consume|"
    "appointed dismissed|hired fired|defeated defended|attacked defended|civilian military|"
    "enter leave|entered left|arrive depart|arrived departed|success failure|advantage disadvantage"
)
ANTONYMS: dict[str, str] = {}
for _pair in _PAIRS.split("|"):
    _left, _right = _pair.split()
    ANTONYMS.setdefault(_left, _right)
    ANTONYMS.setdefault(_right, _left)
