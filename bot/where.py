"""Where a question asks: the places in it, else in an earlier turn, else the page's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.contract import PlaceSource
from ingest.model import Place
from ingest.places import Gazetteer, Mention

# Where somebody is, or where goods go: 人在新疆, 往香港拉货, 卖到北京去.
_WHEREABOUTS_BEFORE = re.compile(r"(?:(?:人|还|正|一直)在|[发运卖送寄拉销]货?[到往去]|往|出口到?)$")
_NEGATED_BEFORE = re.compile(r"(?:不是|不在|不问|没问)$")
_OURS_BEFORE = re.compile(r"(?:咱|俺|[我咱俺]们)[这那]?[儿里边]?$")
_WHEREABOUTS_BEHIND = re.compile(
    r"(?:那边|的)?(?:打工|搞混|弄混|务工|上班|出差|上学|读书|念书|当兵|服役|旅游|回来|回乡|户口)"
)
# Both, which of them, compare: the places that were spoken of. The number of them, where it is said, stands in front.
_COMPARED = re.compile(
    r"([两俩二三四五])个?(?:地方|[边地头处县市区旗])|哪(?:一?边|个地方|头)|比一比|对比|比较一?下|(?:一样|有区别|有差别)吗"
)
# One place set against one's own: 跟岚县比哪个多, 比岚县少吗.
_AGAINST_BEFORE = re.compile(r"(?:[跟和与同比]|比起|对比)$")
_AGAINST = re.compile(r"比|(?:哪一?[个边头]|谁)(?:更|给得?|补得?)?[多少高低好强]|一样|区别|差别|不同")
_NUMBERS = {"两": 2, "俩": 2, "二": 2, "三": 3, "四": 4, "五": 5}
_ELSEWHERE = re.compile(
    r"^(?:那|还有)?(?:别的|其他|其它|旁的)的?(?:地方|县|市|区|旗|城市)|^(?:那|还有)?(?:别处|外地)(?!人|户)"
)
_HERE = re.compile(r"^(?:那|还是)?(?:[我咱俺]们?|本)(?:这[儿里边]?|那[儿里边]|[县市区旗]|地)")

Where = tuple[tuple[Place, ...], PlaceSource | None, tuple[Place, ...]]


def mentions_in(text: str, page: Place | None, gazetteer: Gazetteer) -> list[Mention]:
    """The places that a text asks about; not where somebody only is, nor what is named to be ruled out."""
    return [one for one in gazetteer.find(text) if not _is_beside_the_point(text, one, page)]


def locate(text: str, earlier: Sequence[str], page: Place | None, gazetteer: Gazetteer, *, leans: bool) -> Where:
    """The places asked about, where they were learned, and, if a name is shared, the places that share it.

    Args:
        text: the question.
        earlier: the owner's earlier turns, oldest first.
        page: the place that the page knows, or None.
        gazetteer: knows places.
        leans: whether the question leans on those turns: only then it can mean places by pointing.
    """
    mentions = mentions_in(text, page, gazetteer)
    places, ambiguous = _settle(mentions, page)
    spoken_of = _spoken_of(earlier, page, gazetteer)
    against = any(_AGAINST_BEFORE.search(text[: one.start]) for one in mentions) and _AGAINST.search(text)
    if len(places) == 1 and against:
        own = [*(spoken_of[-1] if spoken_of and leans else ()), *([page] if page else ())][:1]
        return tuple(dict.fromkeys([*own, *places])), "question", ()
    if ambiguous or places:
        return (places if ambiguous else _below(places, earlier, gazetteer)), "question", ambiguous
    if leans and page and _HERE.search(text):
        return (page,), "request", ()
    if leans and _ELSEWHERE.search(text):
        return (), None, ()
    if leans and (compared := _compared(text, spoken_of, page)):
        return compared, "history", ()
    if spoken_of:
        return spoken_of[-1], "history", ()
    return ((page,), "request", ()) if page else ((), None, ())


def _spoken_of(earlier: Sequence[str], page: Place | None, gazetteer: Gazetteer) -> list[tuple[Place, ...]]:
    """The places of each earlier turn that names some, oldest first."""
    told = []
    for number, turn in enumerate(earlier):
        places, _ = _settle(mentions_in(turn, page, gazetteer), page)
        if places:
            told.append(_below(places, earlier[:number], gazetteer))
    return told


def _compared(text: str, spoken_of: Sequence[tuple[Place, ...]], page: Place | None) -> tuple[Place, ...]:
    """The places that 两个地方哪个多 means: the last ones spoken of, the page's before all."""
    match = _COMPARED.search(text)
    known = dict.fromkeys([page] * bool(page))
    for place in (place for places in spoken_of for place in places):
        known.pop(place, None)
        known[place] = None
    wanted = _NUMBERS.get(match[1] or "", 2) if match else 0
    places = tuple(place for place in known if place)
    return places[-wanted:] if wanted and len(places) >= wanted else ()


def _below(places: tuple[Place, ...], earlier: Sequence[str], gazetteer: Gazetteer) -> tuple[Place, ...]:
    """Of places that shared a name in the turn before, the one in the place named now: 南京的, of 鼓楼区."""
    shared = (
        [place for one in gazetteer.find(earlier[-1]) if len(one.places) > 1 for place in one.places] if earlier else []
    )
    if len(places) != 1:
        return places
    within = tuple(place for place in shared if places[0].code in place.chain)
    return within if len(within) == 1 else places


def _is_whereabouts(text: str, mention: Mention) -> bool:
    """Whether a place is only where somebody is or was: 人在新疆打工, 从广东回来."""
    return bool(_WHEREABOUTS_BEFORE.search(text[: mention.start]) or _WHEREABOUTS_BEHIND.match(text, mention.end))


def _is_beside_the_point(text: str, mention: Mention, page: Place | None) -> bool:
    """Whether a place is named without being asked about."""
    negated = bool(_NEGATED_BEFORE.search(text[: mention.start]))
    return negated or _is_whereabouts(text, mention) or _is_home(text, mention, page)


def _is_home(text: str, mention: Mention, page: Place | None) -> bool:
    """Whether a place is only where the asker's own lies: 咱内蒙的牌子, asked in a county there."""
    if page is None or not _OURS_BEFORE.search(text[: mention.start]):
        return False
    return all(place.code in page.chain[1:] for place in mention.places)


def _settle(mentions: Sequence[Mention], page: Place | None) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """One place a mention; of places that share a name, the one that lies nearest to the page's place."""
    found: dict[str, Place] = {}
    ambiguous: tuple[Place, ...] = ()
    for mention in mentions:
        choice = mention.places if len(mention.places) == 1 else _nearest(mention.places, page)
        if len(choice) == 1:
            found[choice[0].code] = choice[0]
        else:
            ambiguous = mention.places
    return tuple(found.values()), () if found else ambiguous


def _nearest(places: Sequence[Place], page: Place | None) -> tuple[Place, ...]:
    """The places that share most of the page's chain, below the nation; all if none shares any."""
    shared = {place.code: len(set(place.chain[:-1]) & set(page.chain[:-1])) if page else 0 for place in places}
    return tuple(place for place in places if shared[place.code] == max(shared.values()))
